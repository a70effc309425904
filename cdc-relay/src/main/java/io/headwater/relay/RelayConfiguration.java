package io.headwater.relay;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// How the parts of the relay are put together.
@Configuration(proxyBeanMethods = false)
class RelayConfiguration {
    @Bean
    RelayState relayState(RelayProperties properties) {
        return new RelayState(properties.relay().stalledAfter());
    }

    @Bean
    RelayMetrics relayMetrics(MeterRegistry registry, RelayState state) {
        return new RelayMetrics(registry, state);
    }

    @Bean
    LogServer logServer(RelayProperties properties) {
        return new LogServer(properties.log());
    }

    @Bean(initMethod = "start")
    LogWatch logWatch(RelayProperties properties, LogServer server, RelayState state) {
        return new LogWatch(server, properties.relay().slot(), state);
    }

    @Bean
    Relay theRelay(
            RelayProperties properties, LogServer server, RelayState state, RelayMetrics metrics) {
        return new Relay(properties, server, new KafkaClients(properties.kafka()), state, metrics);
    }

    @Bean
    RelayHealth relay(RelayState state) {
        return new RelayHealth(state);
    }
}

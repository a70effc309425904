package io.headwater.relay;

import io.headwater.local.LocalCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The application in this JVM, without its web server: quick to start, and nothing to be killed.
final class RelayInProcess implements AutoCloseable {
    private final Map<String, Object> settings = new HashMap<>();
    private @Nullable ConfigurableApplicationContext context;

    RelayInProcess(LocalCluster cluster) {
        this(cluster, Map.of());
    }

    RelayInProcess(LocalCluster cluster, Map<String, String> more) {
        settings.put("headwater.log.url", cluster.jdbcUrl());
        settings.put("headwater.log.user", "headwater_relay");
        settings.put("headwater.log.password", cluster.password());
        settings.put("headwater.kafka.bootstrap-servers", cluster.bootstrapServers());
        settings.put("headwater.relay.retry-at-most", "500ms");
        settings.putAll(more);
    }

    void start() {
        var application =
                new SpringApplicationBuilder(RelayApplication.class).web(WebApplicationType.NONE);
        context =
                application.run(
                        settings.entrySet().stream()
                                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                                .toArray(String[]::new));
    }

    /// Why it is not ready; empty if it is.
    String reason() {
        var reason = state().notReadyBecause();
        return reason == null ? "" : reason;
    }

    String obstacle() {
        var obstacle = state().obstacle();
        return obstacle == null ? "" : obstacle.kind().name();
    }

    long position() {
        return state().position();
    }

    private RelayState state() {
        return Objects.requireNonNull(context, "not started").getBean(RelayState.class);
    }

    boolean isRunning() {
        return context != null && context.isActive();
    }

    @Override
    public void close() {
        var running = context;
        if (running != null) {
            running.close();
        }
    }
}

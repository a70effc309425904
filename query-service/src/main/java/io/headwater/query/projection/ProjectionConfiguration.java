package io.headwater.query.projection;

import io.headwater.query.rows.SchemaMigration;
import io.headwater.query.run.ProjectionStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires the projection of records and its rebuild.
@Configuration(proxyBeanMethods = false)
class ProjectionConfiguration {
    @Bean
    ProjectionStatus recordsStatus(MeterRegistry meters) {
        return new ProjectionStatus(meters, "records", InstantSource.system());
    }

    @Bean
    ProjectionStatus rebuildStatus(MeterRegistry meters) {
        return new ProjectionStatus(meters, "rebuild", InstantSource.system());
    }

    @Bean
    SchemaMigration schemaMigration(@Qualifier("migrationDataSource") DataSource owner) {
        return new SchemaMigration(owner);
    }

    @Bean
    ProjectionAdministration projectionAdministration(
            @Qualifier("projectionDataSource") DataSource dataSource,
            @Qualifier("migrationDataSource") DataSource owner,
            SchemaMigration migration,
            @Qualifier("recordsStatus") ProjectionStatus records,
            @Qualifier("rebuildStatus") ProjectionStatus rebuild) {
        return new ProjectionAdministration(dataSource, owner, migration, records, rebuild);
    }

    @Bean
    ProjectionHealthIndicator projectionHealthIndicator(
            @Qualifier("recordsStatus") ProjectionStatus records, ProjectionProperties properties) {
        return new ProjectionHealthIndicator(
                records, properties.stalledAfter(), InstantSource.system());
    }

    @Bean
    Projections projections(
            SchemaMigration migration,
            @Qualifier("migrationDataSource") DataSource owner,
            @Qualifier("projectionDataSource") DataSource dataSource,
            KafkaProperties kafka,
            ProjectionProperties properties,
            @Qualifier("recordsStatus") ProjectionStatus records,
            @Qualifier("rebuildStatus") ProjectionStatus rebuild,
            @Value("${server.port}") int port)
            throws UnknownHostException {
        String instance = instance(properties, port);
        return new Projections(
                List.of(
                        new ProjectionLoop(
                                new RunningSchema(migration),
                                dataSource,
                                kafka.bootstrapServers(),
                                instance,
                                properties,
                                records),
                        new ProjectionLoop(
                                new NextSchema(owner, properties.limits()),
                                dataSource,
                                kafka.bootstrapServers(),
                                instance,
                                properties,
                                rebuild)));
    }

    /// The same after a restart, so that it need not wait for the end of its own lease.
    private static String instance(ProjectionProperties properties, int port)
            throws UnknownHostException {
        if (properties.instance() != null && !properties.instance().isBlank()) {
            return properties.instance();
        }
        String host = InetAddress.getLocalHost().getHostName();
        return port == 0 ? host + ":" + UUID.randomUUID() : host + ":" + port;
    }
}

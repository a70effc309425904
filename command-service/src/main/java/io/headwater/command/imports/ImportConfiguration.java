package io.headwater.command.imports;

import com.zaxxer.hikari.HikariDataSource;
import io.headwater.command.ledger.Ledger;
import io.headwater.command.spool.Spool;
import io.headwater.command.spool.SpoolProperties;
import io.headwater.eventstore.EventLog;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Puts the parts of imports together.
@Configuration(proxyBeanMethods = false)
class ImportConfiguration {
    @Bean
    Spool spool(SpoolProperties bounds) {
        return new Spool(bounds);
    }

    @Bean
    ImportLog importLog(EventLog log, HikariDataSource logDatabase) {
        return new ImportLog(log, logDatabase);
    }

    @Bean
    ImportQueue importQueue(
            Spool spool,
            ImportLog log,
            Ledger ledger,
            ImportProperties bounds,
            MeterRegistry meters) {
        var queue = new ImportQueue(spool, log, ledger.commands(), bounds);
        meters.gauge("headwater.imports.running", queue, ImportQueue::running);
        meters.gauge("headwater.imports.waiting", queue, ImportQueue::waiting);
        return queue;
    }

    @Bean
    ImportIntake importIntake(
            Spool spool, ImportLog log, Ledger ledger, ImportQueue queue, ImportProperties bounds) {
        return new ImportIntake(spool, log, ledger.commands(), queue, bounds, Clock.systemUTC());
    }

    @Bean
    DryRun dryRun(ImportLog log, EventLog events, ImportProperties bounds) {
        return new DryRun(log, events, bounds, Clock.systemUTC());
    }

    @Bean
    ImportView importView(ImportLog log, ImportQueue queue, Spool spool) {
        return new ImportView(log, queue, spool, Clock.systemUTC());
    }
}

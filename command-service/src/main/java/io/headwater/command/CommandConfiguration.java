package io.headwater.command;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.headwater.command.http.Answers;
import io.headwater.command.http.CommandDesk;
import io.headwater.command.http.HttpLimits;
import io.headwater.command.imports.ImportSlices;
import io.headwater.command.ledger.Ledger;
import io.headwater.command.ledger.Slice;
import io.headwater.command.models.ModelSlices;
import io.headwater.command.queries.QuerySlices;
import io.headwater.command.records.RecordSlices;
import io.headwater.eventstore.EventLog;
import io.headwater.eventstore.EventLogSchema;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Puts the parts together, from the database up to the routes.
@Configuration(proxyBeanMethods = false)
class CommandConfiguration {
    @Bean
    PrimaryDatabase primaryDatabase(LogProperties log) {
        return new PrimaryDatabase(log.url(), log.user(), log.password());
    }

    @Bean
    HikariDataSource logDatabase(
            PrimaryDatabase primary, LogProperties log, MigrationProperties migration) {
        migrate(log, migration);
        var config = new HikariConfig();
        config.setPoolName("log");
        config.setDataSource(primary);
        // One is the appender's for as long as the log is open.
        config.setMaximumPoolSize(log.connections() + 1);
        // No more than are used: a primary that has just taken over has better to do than to start
        // a process for each.
        config.setMinimumIdle(2);
        config.setConnectionTimeout(3_000);
        config.setValidationTimeout(1_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private static void migrate(LogProperties log, MigrationProperties migration) {
        if (migration.user() != null) {
            var owner = new PGSimpleDataSource();
            owner.setUrl(log.url());
            owner.setUser(migration.user());
            owner.setPassword(migration.password());
            owner.setTargetServerType("primary");
            Flyway.configure()
                    .dataSource(owner)
                    .schemas(EventLogSchema.SCHEMA)
                    .locations(EventLogSchema.MIGRATIONS)
                    .connectRetries(10)
                    .load()
                    .migrate();
        }
    }

    @Bean
    EventLog eventLog(HikariDataSource logDatabase, LogProperties log) {
        return new EventLog(logDatabase, log.limits(), log.patience());
    }

    @Bean
    Ledger ledger(EventLog log, RetryProperties retry) {
        List<Slice<?, ?>> slices = new ArrayList<>(ModelSlices.all());
        slices.addAll(QuerySlices.all());
        slices.addAll(RecordSlices.all());
        slices.addAll(ImportSlices.all());
        return new Ledger(log, slices, retry.limits(), Clock.systemUTC());
    }

    @Bean
    CommandDesk commandDesk(Ledger ledger, EventLog log, HttpLimits limits) {
        return new CommandDesk(ledger.commands(), new Answers(log), limits);
    }
}

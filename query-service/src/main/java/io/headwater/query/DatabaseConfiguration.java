package io.headwater.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;

/// The ways into the database. Take one by its name: `@Qualifier("queryDataSource") DataSource`.
///
/// A URL may list several hosts, `jdbc:postgresql://a:5432,b:5432/headwater`: the driver looks
/// which of them is the primary and which a standby, and looks again after a failover. Parameters
/// in the URL win over those set here.
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

    /// A frozen instance must not hold locks for ever. Rows are the log's, so they need no
    /// standby's consent: after a failover they are made again.
    private static final String PROJECTION_SESSION =
            "-c idle_in_transaction_session_timeout=5s -c lock_timeout=5s -c synchronous_commit=local";

    /// Writes, so only ever to a primary.
    @Bean
    HikariDataSource projectionDataSource(DatabaseProperties properties) {
        HikariConfig pool = pool("projection", properties.projection());
        pool.addDataSourceProperty("targetServerType", "primary");
        // A primary that is frozen, not dead, keeps its connections; while they are waited for, no
        // other primary is looked for, and readers that want to see a change wait too.
        pool.addDataSourceProperty("socketTimeout", "15");
        pool.addDataSourceProperty("options", PROJECTION_SESSION);
        pool.setMaximumPoolSize(4);
        pool.setMinimumIdle(1);
        pool.setIdleTimeout(60_000);
        pool.setDataSource(new UnhurriedDataSource(driverOf(pool)));
        return new HikariDataSource(pool);
    }

    /// Makes and renames read schemas. Seldom used, so each connection is a new one.
    @Bean
    DataSource migrationDataSource(DatabaseProperties properties) {
        var settings = new Properties();
        settings.setProperty("user", properties.migration().user());
        settings.setProperty("password", properties.migration().password());
        settings.setProperty("targetServerType", "primary");
        settings.setProperty("connectTimeout", "3");
        settings.setProperty("hostRecheckSeconds", "1");
        settings.setProperty("tcpKeepAlive", "true");
        settings.setProperty("ApplicationName", "headwater-migration");
        return new SimpleDriverDataSource(new Driver(), properties.projection().url(), settings);
    }

    /// Reads: a standby if there is one, else the primary.
    @Bean
    HikariDataSource queryDataSource(DatabaseProperties properties) {
        HikariConfig pool = pool("query", properties.query());
        pool.addDataSourceProperty("targetServerType", "preferSecondary");
        pool.addDataSourceProperty("loadBalanceHosts", "true");
        pool.addDataSourceProperty("socketTimeout", "15");
        // What the indexes do not serve ends; and compiling costs more than queries this short
        // take.
        pool.addDataSourceProperty("options", "-c statement_timeout=10s -c jit=off");
        pool.setReadOnly(true);
        // Always full, and more than the readers that are let in at once (headwater.reads): the
        // pool's hand-over to a thread that waits for a connection spins, at the cost of the rest.
        pool.setMaximumPoolSize(16);
        pool.setMinimumIdle(16);
        return StandbyPool.of(pool);
    }

    /// Exports: the same for long, so that they take no connection of those who ask for little. How
    /// many there are is settled before (headwater.exports).
    @Bean
    HikariDataSource exportDataSource(DatabaseProperties properties) {
        HikariConfig pool = pool("export", properties.query());
        pool.addDataSourceProperty("targetServerType", "preferSecondary");
        pool.addDataSourceProperty("loadBalanceHosts", "true");
        pool.addDataSourceProperty("socketTimeout", "90");
        // A statement is each piece that is fetched. Between two pieces its client may be slow, for
        // as long as Tomcat waits for it.
        pool.addDataSourceProperty(
                "options",
                "-c statement_timeout=60s -c idle_in_transaction_session_timeout=120s -c jit=off");
        // The bound of the rows is a parameter, by whose value it must be planned.
        pool.addDataSourceProperty("prepareThreshold", "0");
        pool.setReadOnly(true);
        pool.setMaximumPoolSize(64);
        pool.setMinimumIdle(0);
        pool.setIdleTimeout(10_000);
        return new HikariDataSource(pool);
    }

    /// What the pool would open its connections by, for one that is to stand in between.
    static DataSource driverOf(HikariConfig pool) {
        var driver =
                new DriverDataSource(
                        pool.getJdbcUrl(),
                        null,
                        pool.getDataSourceProperties(),
                        pool.getUsername(),
                        pool.getPassword());
        pool.setUsername(null); // or it would give them to whoever stands in between
        pool.setPassword(null);
        return driver;
    }

    private static HikariConfig pool(String name, DatabaseProperties.Access access) {
        var pool = new HikariConfig();
        pool.setPoolName(name);
        pool.setJdbcUrl(access.url());
        pool.setUsername(access.user());
        pool.setPassword(access.password());
        pool.addDataSourceProperty("ApplicationName", "headwater-" + name);
        pool.addDataSourceProperty("connectTimeout", "3");
        pool.addDataSourceProperty("tcpKeepAlive", "true");
        // After a failover, a host that was a standby a moment ago is asked again.
        pool.addDataSourceProperty("hostRecheckSeconds", "1");
        pool.setConnectionTimeout(5_000);
        pool.setValidationTimeout(2_000);
        // So that a connection which fell back to the primary finds its way to a standby again.
        pool.setMaxLifetime(300_000);
        // Starts without a database: the service waits for it, and says so in its health.
        pool.setInitializationFailTimeout(-1);
        return pool;
    }
}

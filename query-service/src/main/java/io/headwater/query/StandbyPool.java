package io.headwater.query;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// Connections to standbys, and to the primary where there is none. One to a standby that has
/// become the primary is given up: readers would be a burden to it, and its end would be theirs.
final class StandbyPool extends HikariDataSource {
    /// An idle connection hears what its server has become by being asked.
    private static final Duration ASKED_EVERY = Duration.ofSeconds(30);

    private final Set<PGConnection> toStandbys;

    private StandbyPool(HikariConfig config, Set<PGConnection> toStandbys) {
        super(config);
        this.toStandbys = toStandbys;
    }

    /// @param config with a URL of several hosts and `targetServerType=preferSecondary`
    static StandbyPool of(HikariConfig config) {
        Set<PGConnection> toStandbys =
                Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
        config.setKeepaliveTime(ASKED_EVERY.toMillis());
        config.setDataSource(new Opener(DatabaseConfiguration.driverOf(config), toStandbys));
        return new StandbyPool(config, toStandbys);
    }

    @Override
    public Connection getConnection() throws SQLException {
        while (true) {
            Connection connection = super.getConnection();
            var server = connection.unwrap(PGConnection.class);
            if (isStandby(server) || !toStandbys.contains(server)) {
                return connection;
            }
            evictConnection(connection);
        }
    }

    /// The server says it by itself, with its next answer.
    private static boolean isStandby(PGConnection server) {
        return "on".equals(server.getParameterStatus("in_hot_standby"));
    }

    private static final class Opener extends DelegatingDataSource {
        private final Set<PGConnection> toStandbys;

        Opener(DataSource target, Set<PGConnection> toStandbys) {
            super(target);
            this.toStandbys = toStandbys;
        }

        @Override
        public Connection getConnection() throws SQLException {
            var connection = super.getConnection();
            var server = connection.unwrap(PGConnection.class);
            if (isStandby(server)) {
                toStandbys.add(server);
            }
            return connection;
        }
    }
}

package io.headwater.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/// A pool whose hosts take no connection: nobody listens at the port.
class UnhurriedDataSourceTest {
    @Test
    void aPoolThatFindsNoHostTriesOnceASecond() {
        var config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/headwater");
        config.setUsername("headwater_projection");
        config.setPassword("secret");
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(900);
        var tries = new AtomicInteger();
        config.setDataSource(
                new UnhurriedDataSource(
                        new DelegatingDataSource(DatabaseConfiguration.driverOf(config)) {
                            @Override
                            public Connection getConnection() throws SQLException {
                                tries.incrementAndGet();
                                return super.getConnection();
                            }
                        }));
        try (var pool = new HikariDataSource(config)) {
            long began = System.nanoTime();
            assertThatThrownBy(pool::getConnection)
                    .isInstanceOf(SQLTransientConnectionException.class);
            long seconds = (System.nanoTime() - began) / 1_000_000_000;
            assertThat(tries).hasPositiveValue().hasValueLessThanOrEqualTo((int) seconds + 2);
        }
    }
}

package io.headwater.eventstore;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// The second process of the order proof. Reads `race <round>` and `load <appends>` and answers
/// each with a count.
final class OrderPeer {

    private OrderPeer() {}

    public static void main(String[] args) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[0]);
        config.setUsername("headwater_command");
        config.setPassword(args[1]);
        config.setMaximumPoolSize(4);
        try (HikariDataSource pool = new HikariDataSource(config);
                EventLog log = new EventLog(pool);
                BufferedReader orders =
                        new BufferedReader(
                                new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            ContestedRounds rounds = new ContestedRounds(log, "peer");
            log.head();
            System.out.println("ready");
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                int number = Integer.parseInt(order.substring(5));
                System.out.println(
                        "count "
                                + (order.startsWith("race")
                                        ? rounds.race(number)
                                        : rounds.load(number)));
            }
        }
    }
}

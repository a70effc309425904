package io.headwater.local;

import java.util.LinkedHashMap;
import java.util.Map;

/// Where each part listens on the loopback.
///
/// @param kafkaController the broker's own controller
record LocalPorts(
        int command,
        int query,
        int relay,
        int postgres,
        int standby,
        int kafka,
        int kafkaController) {
    private static final LocalPorts USUAL =
            new LocalPorts(8080, 8081, 8082, 5440, 5441, 9094, 9095);

    /// The usual ports, each moved by its variable, such as `HEADWATER_POSTGRES_PORT`.
    ///
    /// @throws LocalFailure if a variable holds no port number, or two parts have the same
    static LocalPorts from(Map<String, String> environment) {
        LocalPorts ports =
                new LocalPorts(
                        port(environment, "command-service", USUAL.command),
                        port(environment, "query-service", USUAL.query),
                        port(environment, "cdc-relay", USUAL.relay),
                        port(environment, "postgres", USUAL.postgres),
                        port(environment, "standby", USUAL.standby),
                        port(environment, "kafka", USUAL.kafka),
                        port(environment, "kafka-controller", USUAL.kafkaController));
        Map<Integer, String> taken = new LinkedHashMap<>();
        ports.byPart()
                .forEach((part, port) -> {
                    String other = taken.put(port, part);
                    if (other != null) {
                        throw new LocalFailure(
                                "Both %s and %s are to listen on port %d: set %s to another port."
                                        .formatted(other, part, port, variable(part)));
                    }
                });
        return ports;
    }

    static LocalPorts free() {
        return new LocalPorts(
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next(),
                FreePorts.next());
    }

    /// @throws LocalFailure if another program listens on one of them
    void refuseBusy() {
        byPart().forEach((part, port) -> {
            if (!FreePorts.isFree(port)) {
                throw busy(part, port);
            }
        });
    }

    static LocalFailure busy(String part, int port) {
        return new LocalFailure(
                "Port %d, which %s needs, is taken by another program: end that program, or set %s to another port."
                        .formatted(port, part, variable(part)));
    }

    private Map<String, Integer> byPart() {
        Map<String, Integer> all = new LinkedHashMap<>();
        all.put("command-service", command);
        all.put("query-service", query);
        all.put("cdc-relay", relay);
        all.put("postgres", postgres);
        all.put("standby", standby);
        all.put("kafka", kafka);
        all.put("kafka-controller", kafkaController);
        return all;
    }

    private static int port(Map<String, String> environment, String part, int usual) {
        String text = environment.get(variable(part));
        if (text == null || text.isBlank()) {
            return usual;
        }
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException noNumber) {
            // refused below
        }
        throw new LocalFailure(
                variable(part) + " is \"" + text + "\", which is no port: set it to 1 to 65535.");
    }

    private static String variable(String part) {
        return switch (part) {
            case "command-service" -> "HEADWATER_COMMAND_PORT";
            case "query-service" -> "HEADWATER_QUERY_PORT";
            case "cdc-relay" -> "HEADWATER_RELAY_PORT";
            case "postgres" -> "HEADWATER_POSTGRES_PORT";
            case "standby" -> "HEADWATER_STANDBY_PORT";
            case "kafka" -> "HEADWATER_KAFKA_PORT";
            case "kafka-controller" -> "HEADWATER_KAFKA_CONTROLLER_PORT";
            default -> throw new IllegalArgumentException(part);
        };
    }
}

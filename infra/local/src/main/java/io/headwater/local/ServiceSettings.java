package io.headwater.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// What each service is told by its environment, so that it finds the others on this machine.
record ServiceSettings(LocalCluster cluster, int relayPort, Path publicKey, Path spool) {
    Map<String, String> command() {
        Map<String, String> settings = shared();
        settings.putAll(account("HEADWATER_LOG", cluster.jdbcUrl(), "headwater_command"));
        settings.put("HEADWATER_SPOOL_DIRECTORY", spool.toString());
        return settings;
    }

    Map<String, String> relay() {
        Map<String, String> settings = shared();
        settings.putAll(account("HEADWATER_LOG", cluster.jdbcUrl(), "headwater_relay"));
        return settings;
    }

    Map<String, String> query() {
        Map<String, String> settings = shared();
        settings.putAll(account("HEADWATER_PROJECTION", cluster.jdbcUrl(), "headwater_projection"));
        settings.putAll(account("HEADWATER_QUERY", standbyFirst(), "headwater_query"));
        settings.put("HEADWATER_RELAY_URL", "http://127.0.0.1:" + relayPort);
        return settings;
    }

    private String standbyFirst() {
        return "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s"
                .formatted(
                        cluster.standby().port(), cluster.primary().port(), LocalPostgres.DATABASE);
    }

    private Map<String, String> shared() {
        Map<String, String> settings = new HashMap<>();
        settings.put("HEADWATER_MIGRATION_USER", "headwater_owner");
        settings.put("HEADWATER_MIGRATION_PASSWORD", cluster.password());
        settings.put("HEADWATER_KAFKA_BOOTSTRAP_SERVERS", cluster.bootstrapServers());
        settings.put("HEADWATER_JWT_PUBLIC_KEY_LOCATION", publicKey.toUri().toString());
        settings.put("AXONIQ_UPDATE_CHECKER_DISABLED", "true");
        return settings;
    }

    private Map<String, String> account(String prefix, String url, String user) {
        return Map.of(
                prefix + "_URL",
                url,
                prefix + "_USER",
                user,
                prefix + "_PASSWORD",
                cluster.password());
    }
}

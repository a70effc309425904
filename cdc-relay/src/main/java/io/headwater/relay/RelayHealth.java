package io.headwater.relay;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// `relay` in `/actuator/health`, and its numbers by themselves at `/actuator/relay`. A relay that
/// waits behind a leader is up: it is ready to take over. Safe for concurrent use.
@Endpoint(id = "relay")
final class RelayHealth implements HealthIndicator {
    private final RelayState state;

    RelayHealth(RelayState state) {
        this.state = state;
    }

    @Override
    public Health health() {
        var reason = state.notReadyBecause();
        var health = reason == null ? Health.up() : Health.down().withDetail("reason", reason);
        return health.withDetails(numbers()).build();
    }

    /// Role, epoch, position, and, while this relay leads, how far the log is.
    @ReadOperation
    public Map<String, Object> numbers() {
        var numbers = new LinkedHashMap<String, Object>();
        numbers.put("role", state.role().name().toLowerCase(java.util.Locale.ROOT));
        numbers.put("ready", state.notReadyBecause() == null);
        var obstacle = state.obstacle();
        if (obstacle != null) {
            numbers.put("obstacle", obstacle.kind().name());
        }
        var epoch = state.epoch();
        if (epoch != null && state.role() == RelayState.Role.LEADING) {
            numbers.put("epoch", epoch);
            numbers.put("position", state.position());
            var seen = state.log();
            if (seen != null) {
                numbers.put("logHead", seen.head());
                numbers.put("positionsBehind", Math.max(0, seen.head() - state.position()));
                numbers.put("millisecondsBehind", seen.oldestUnpublishedMillis());
                numbers.put("bytesBehind", seen.bytesBehind());
                numbers.put("walRetainedBytes", seen.walRetained());
            }
        }
        return numbers;
    }
}

package io.headwater.ops.stack;

import io.headwater.contract.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The database nodes as Patroni sees them, and SQL on each.
public final class Cluster {
    private final Stack stack;

    public Cluster(Stack stack) {
        this.stack = stack;
    }

    /// @param role `leader`, `quorum_standby`, `sync_standby`, `replica` and the like
    /// @param state `running`, `streaming`, `stopped` and the like
    /// @param lag bytes of WAL that it has not yet; -1 if that is not known
    public record Member(String name, String role, String state, int timeline, long lag) {
        public boolean leads() {
            return role.equals("leader") && state.equals("running");
        }

        /// Whether a commit may count on it.
        public boolean confirms() {
            return role.equals("quorum_standby") || role.equals("sync_standby");
        }
    }

    /// What the first node says that answers; empty if none does.
    public List<Member> members() {
        for (String node : stack.nodes()) {
            var ran =
                    stack.in(
                            Duration.ofSeconds(6),
                            node,
                            "curl",
                            "-sk",
                            "-m",
                            "3",
                            "https://localhost:8008/cluster");
            if (ran.well()) {
                var members = read(ran.out());
                if (!members.isEmpty()) {
                    return members;
                }
            }
        }
        return List.of();
    }

    private static List<Member> read(String text) {
        var members = new ArrayList<Member>();
        try {
            for (JsonNode member : Json.mapper().readTree(text).path("members")) {
                members.add(
                        new Member(
                                member.path("name").asString(""),
                                member.path("role").asString(""),
                                member.path("state").asString(""),
                                member.path("timeline").asInt(0),
                                member.path("lag").isIntegralNumber()
                                        ? member.path("lag").longValue()
                                        : -1));
            }
        } catch (JacksonException e) {
            return List.of();
        }
        return members;
    }

    public Optional<String> leader() {
        return members().stream().filter(Member::leads).map(Member::name).findFirst();
    }

    /// @throws Trouble if no node leads
    public String leaderOrTrouble() {
        return leader().orElseThrow(() ->
                new Trouble(
                        "No database node leads. `headwater status` tells more;"
                                + " without a leader for long: `headwater failover`"));
    }

    /// One leads, and all others stream on its timeline, of which at least one confirms commits.
    public boolean whole() {
        return whole(members());
    }

    private boolean whole(List<Member> members) {
        var leader = members.stream().filter(Member::leads).findFirst();
        return leader.isPresent()
                && members.size() == stack.nodes().size()
                && members.stream()
                        .filter(member -> !member.leads())
                        .allMatch(member ->
                                member.state().equals("streaming")
                                        && member.timeline() == leader.get().timeline())
                && (stack.small() || members.stream().anyMatch(Member::confirms));
    }

    /// Whole, and each standby has a copy of the relay's slot that would survive a promotion.
    public boolean ready() {
        var members = members();
        return whole(members)
                && members.stream()
                        .filter(member -> !member.leads())
                        .allMatch(member ->
                                sql(
                                                member.name(),
                                                "SELECT count(*) FROM pg_replication_slots WHERE slot_name = 'headwater_relay'"
                                                        + " AND synced AND NOT temporary AND invalidation_reason IS NULL")
                                        .equals("1"));
    }

    /// Has `to` lead instead of `from`, if it has received all that the other standbys have.
    ///
    /// @return who leads: `to`, or the standby that had received more
    /// @throws Trouble if `from` refuses, or if a minute later no other leads
    public String switchover(String from, String to) {
        stack.in(Duration.ofMinutes(1), from, "hand-over", to).orTrouble("The switchover");
        if (!await(
                Duration.ofMinutes(1),
                () -> leader().filter(leader -> !leader.equals(from)).isPresent())) {
            throw new Trouble(
                    "No other node leads a minute after %s has handed over; `headwater status` tells more"
                            .formatted(from));
        }
        return leaderOrTrouble();
    }

    /// Runs SQL as the superuser of a node.
    ///
    /// @return rows as lines, columns separated by `|`; empty if the node does not answer
    public String sql(String node, String query) {
        var ran =
                stack.in(
                        Duration.ofMinutes(1),
                        node,
                        "psql",
                        "-XAtq",
                        "-d",
                        "headwater",
                        "-c",
                        query);
        return ran.well() ? ran.out().strip() : "";
    }

    /// @throws Trouble if it fails
    public String sqlOrTrouble(String node, String query) {
        return stack.in(
                        Duration.ofMinutes(5),
                        node,
                        "psql",
                        "-XAtq",
                        "-v",
                        "ON_ERROR_STOP=1",
                        "-d",
                        "headwater",
                        "-c",
                        query)
                .orTrouble("A query on " + node)
                .strip();
    }

    public static boolean await(Duration atMost, Duration between, BooleanSupplier condition) {
        long until = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > until) {
                return false;
            }
            try {
                Thread.sleep(between);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Trouble("Interrupted", e);
            }
        }
        return true;
    }

    public static boolean await(Duration atMost, BooleanSupplier condition) {
        return await(atMost, Duration.ofMillis(500), condition);
    }
}

package io.headwater.ops.stack;

import io.headwater.contract.Json;
import io.headwater.ops.stack.Cluster.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How the stack is, at a glance: what there is, how far each part is, what is wrong and what to
/// do.
///
/// @param wrong in words, the gravest first; empty if all is well
public record Status(
        Map<String, String> containers,
        List<Member> members,
        Map<String, String> slotCopies,
        Archive archive,
        List<Backup> backups,
        JsonNode pipeline,
        List<Finding> wrong) {

    private static final Pattern REASON =
            Pattern.compile("ERROR: \\[\\d+].*|repo1: \\[.*|.*No space left on device.*");

    // From another host pgBackRest does not say more of a disk that is full.
    private static final Pattern NO_ROOM =
            Pattern.compile("No space left on device|FileWriteError");

    private static final long BACKUP_OLD = Duration.ofHours(3).toSeconds();
    private static final long FAR_BEHIND = 256L << 20;

    /// @param state `going on`, `failing` or `unknown`
    /// @param ageSeconds since a segment was archived; -1 if that is not known
    /// @param reason what pgBackRest said last of a failure, else empty
    public record Archive(String state, long ageSeconds, long waitingSegments, String reason) {}

    public record Backup(String label, String type, long ended, long bytes) {}

    /// @param grave whether commands fail, or may soon be lost
    public record Finding(boolean grave, String what, String todo) {}

    public static Status of(Stack stack) {
        var cluster = new Cluster(stack);
        var containers = stack.states();
        if (containers.values().stream().noneMatch(state -> state.startsWith("running"))) {
            throw new Trouble(
                    "The stack does not run. Start it: cd %s && docker compose up -d --wait"
                            .formatted(stack.folder()));
        }
        var members = cluster.members();
        var leader =
                members.stream().filter(Member::leads).map(Member::name).findFirst().orElse("");
        var slots = slots(stack, cluster, leader);
        var archive = archive(stack, cluster, leader);
        var backups = backups(stack);
        var pipeline = pipeline(stack);
        var wrong =
                new Diagnosis(stack, containers, members, leader, slots, archive, backups, pipeline)
                        .findings();
        return new Status(containers, members, slots, archive, backups, pipeline, wrong);
    }

    private static Map<String, String> slots(Stack stack, Cluster cluster, String leader) {
        var slots = new LinkedHashMap<String, String>();
        for (String node : stack.nodes()) {
            String row =
                    cluster.sql(
                            node,
                            node.equals(leader)
                                    ? "SELECT CASE WHEN wal_status = 'lost' OR invalidation_reason IS NOT NULL THEN 'lost'"
                                            + " WHEN active THEN 'in use' ELSE 'nobody reads' END"
                                            + " || ', keeps ' || pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn))"
                                            + " FROM pg_replication_slots WHERE slot_name = 'headwater_relay'"
                                    : "SELECT CASE WHEN synced AND NOT temporary AND invalidation_reason IS NULL THEN 'ready' ELSE 'not ready' END"
                                            + " FROM pg_replication_slots WHERE slot_name = 'headwater_relay'");
            String lost =
                    cluster.sql(
                            node,
                            "SELECT 'lost' FROM pg_replication_slots WHERE slot_name = 'headwater_relay' AND wal_status = 'lost'");
            slots.put(node, !lost.isEmpty() ? lost : row.isEmpty() ? "none" : row);
        }
        return slots;
    }

    private static Archive archive(Stack stack, Cluster cluster, String leader) {
        String[] row =
                leader.isEmpty()
                        ? new String[0]
                        : cluster.sql(
                                        leader,
                                        """
                                        SELECT CASE WHEN last_failed_time > coalesce(last_archived_time, '-infinity')
                                                    THEN 'failing' ELSE 'going on' END,
                                               coalesce(extract(epoch FROM clock_timestamp() - last_archived_time)::bigint, -1),
                                               (SELECT count(*) FROM pg_ls_archive_statusdir() WHERE name LIKE '%.ready')
                                          FROM pg_stat_archiver
                                        """)
                                .split("\\|");
        if (row.length < 3) {
            return new Archive("unknown", -1, 0, "");
        }
        return new Archive(
                row[0],
                Long.parseLong(row[1]),
                Long.parseLong(row[2]),
                row[0].equals("failing") ? reason(stack, leader) : "");
    }

    private static String reason(Stack stack, String leader) {
        var logs = stack.docker("logs", "--since", "3m", stack.container(leader));
        return (logs.out() + logs.err())
                .lines()
                .map(REASON::matcher)
                .filter(java.util.regex.Matcher::find)
                .map(found -> found.group().strip())
                .reduce((first, second) -> second)
                .orElse("see the log of " + leader);
    }

    /// Oldest first; empty also where the repository does not answer.
    public static List<Backup> backups(Stack stack) {
        var ran = stack.in("backup", "pgbackrest", "info", "--output=json");
        var backups = new ArrayList<Backup>();
        if (ran.well()) {
            for (JsonNode stanza : Json.mapper().readTree(ran.out())) {
                for (JsonNode backup : stanza.path("backup")) {
                    backups.add(
                            new Backup(
                                    backup.path("label").stringValue(),
                                    backup.path("type").stringValue(),
                                    backup.path("timestamp").path("stop").longValue(),
                                    backup.path("info")
                                            .path("repository")
                                            .path("delta")
                                            .asLong(0)));
                }
            }
        }
        return backups;
    }

    private static JsonNode pipeline(Stack stack) {
        try (var door = new Door(stack)) {
            return door.get("/pipeline").json();
        } catch (Trouble | JacksonException e) {
            return Json.mapper().createObjectNode();
        }
    }

    /// What to look for, and what to do about it.
    private record Diagnosis(
            Stack stack,
            Map<String, String> containers,
            List<Member> members,
            String leader,
            Map<String, String> slots,
            Archive archive,
            List<Backup> backups,
            JsonNode pipeline) {
        List<Finding> findings() {
            var found = new ArrayList<Finding>();
            database(found);
            archiveAndBackups(found);
            relay(found);
            services(found);
            found.sort((a, b) -> Boolean.compare(b.grave(), a.grave()));
            return found;
        }

        private void database(List<Finding> found) {
            if (leader.isEmpty()) {
                found.add(
                        new Finding(
                                true,
                                "No database node leads; commands are held, then refused",
                                "wait half a minute; then see `docker compose logs etcd1 pg1`; with two of three etcd gone start them; `headwater failover` as the last resort"));
            }
            for (var member : members) {
                if (!member.leads() && !member.state().equals("streaming") && !leader.isEmpty()) {
                    found.add(
                            new Finding(
                                    false,
                                    "%s does not stream (%s)"
                                            .formatted(member.name(), member.state()),
                                    "headwater rejoin " + member.name()));
                } else if (member.lag() > FAR_BEHIND) {
                    found.add(
                            new Finding(
                                    false,
                                    "%s is %d MiB behind"
                                            .formatted(member.name(), member.lag() >> 20),
                                    "look for a long query on it, and at its CPU and disk"));
                }
            }
            for (String node : stack.nodes()) {
                if (!containers.getOrDefault(node, "missing").startsWith("running")) {
                    found.add(
                            new Finding(
                                    false,
                                    node + " is " + containers.getOrDefault(node, "missing"),
                                    "headwater rejoin " + node));
                }
            }
            if (!stack.small()
                    && !leader.isEmpty()
                    && members.stream().noneMatch(Member::confirms)) {
                found.add(
                        new Finding(
                                true,
                                "No standby confirms the commits of %s: commands are held, then refused"
                                        .formatted(leader),
                                "start a standby: `headwater rejoin`; to go on with one node alone, which loses what it acknowledges if it dies: `patronictl edit-config -s synchronous_mode_strict=false`"));
            }
        }

        private void archiveAndBackups(List<Finding> found) {
            if (archive.state().equals("failing")) {
                found.add(
                        new Finding(
                                true,
                                "WAL does not get into the archive, %d segments wait on %s: %s"
                                        .formatted(
                                                archive.waitingSegments(),
                                                leader,
                                                archive.reason()),
                                NO_ROOM.matcher(archive.reason()).find()
                                        ? "make room on the disk of `backup` (a larger volume, or `docker compose exec backup pgbackrest expire --repo1-retention-full=1`); commands go on meanwhile, and archiving by itself"
                                        : "see that `backup` runs: `docker compose up -d backup`, then `headwater verify`"));
            } else if (archive.ageSeconds() > 300) {
                found.add(
                        new Finding(
                                false,
                                "The newest archived WAL is %d s old"
                                        .formatted(archive.ageSeconds()),
                                "headwater verify"));
            }
            if (backups.isEmpty()) {
                found.add(
                        new Finding(
                                true,
                                "There is no backup, or the repository does not answer",
                                "docker compose logs backup; headwater backup full"));
            } else if (Instant.now().getEpochSecond() - backups.getLast().ended() > BACKUP_OLD) {
                found.add(
                        new Finding(
                                false,
                                "The newest backup is more than three hours old",
                                "docker compose logs backup; headwater backup"));
            }
        }

        private void relay(List<Finding> found) {
            slots.forEach((node, state) -> {
                if (node.equals(leader) && (state.startsWith("lost") || state.equals("none"))) {
                    found.add(
                            new Finding(
                                    true,
                                    "The slot headwater_relay on %s is %s: Kafka and the read models stand still"
                                            .formatted(node, state),
                                    "start relay1 and relay2 (`docker compose up -d`): the relay makes a new slot and goes on from the table, without loss"));
                } else if (node.equals(leader) && state.startsWith("nobody reads")) {
                    found.add(
                            new Finding(
                                    true,
                                    "Nobody reads the slot headwater_relay: it "
                                            + state.substring(state.indexOf("keeps")),
                                    "see that relay1 or relay2 runs (`docker compose up -d`), and Kafka"));
                } else if (!node.equals(leader)
                        && !leader.isEmpty()
                        && containers.getOrDefault(node, "").startsWith("running")
                        && !state.equals("ready")) {
                    found.add(
                            new Finding(
                                    false,
                                    node + " has no copy of the relay's slot that is ready",
                                    "wait some seconds; if it stays, see its log; were it to lead now, the relay would go on from the table"));
                }
            });
            for (JsonNode stage : pipeline.path("stages")) {
                String name = stage.path("stage").asString("");
                if (stage.has("unreachable")) {
                    found.add(
                            new Finding(
                                    true,
                                    name
                                            + " cannot be reached: "
                                            + stage.path("unreachable").asString(""),
                                    "docker compose ps; docker compose up -d"));
                } else if (stage.path("millisecondsBehind").asLong(0) > 30_000) {
                    found.add(
                            new Finding(
                                    false,
                                    name
                                            + " is %d s behind"
                                                    .formatted(
                                                            stage.path("millisecondsBehind")
                                                                            .asLong(0)
                                                                    / 1000),
                                    "see the logs of relay, Kafka and query services"));
                }
            }
            if (!pipeline.has("stages")) {
                found.add(
                        new Finding(
                                true,
                                "The door gives no answer about the pipeline",
                                "docker compose ps: start what does not run"));
            }
        }

        private void services(List<Finding> found) {
            containers.forEach((service, state) -> {
                if (!state.equals("running") && !stack.nodes().contains(service)) {
                    boolean starting = state.contains("starting");
                    found.add(
                            new Finding(
                                    !starting
                                            && (service.equals("kafka") || service.equals("door")),
                                    service + " is " + state,
                                    starting
                                            ? "wait until it is ready"
                                            : "docker compose up -d "
                                                    + service
                                                    + "; docker compose logs "
                                                    + service));
                }
            });
        }
    }

    public ObjectNode json() {
        return Json.mapper().valueToTree(this);
    }

    public String text() {
        var text = new StringBuilder();
        text.append(
                "%-6s %-16s %-10s %4s  %s%n".formatted("node", "role", "state", "TL", "lag, slot"));
        for (var member : members) {
            text.append(
                    "%-6s %-16s %-10s %4d  %s%n"
                            .formatted(
                                    member.name(),
                                    member.role(),
                                    member.state(),
                                    member.timeline(),
                                    (member.leads() || member.lag() < 0
                                                    ? ""
                                                    : member.lag() + " bytes, ")
                                            + "slot "
                                            + slotCopies.getOrDefault(member.name(), "none")));
        }
        text.append(
                "%narchive  %s%s%n"
                        .formatted(
                                archive.state(),
                                archive.ageSeconds() < 0
                                        ? ""
                                        : ", newest segment %d s old, %d waiting"
                                                .formatted(
                                                        archive.ageSeconds(),
                                                        archive.waitingSegments())));
        if (!backups.isEmpty()) {
            var newest = backups.getLast();
            text.append(
                    "backups  %d, newest %s %s, %d min old%n"
                            .formatted(
                                    backups.size(),
                                    newest.type(),
                                    newest.label(),
                                    (Instant.now().getEpochSecond() - newest.ended()) / 60));
        }
        text.append(
                "%n%-12s %10s %10s %10s%n".formatted("stage", "position", "behind", "ms behind"));
        for (JsonNode stage : pipeline.path("stages")) {
            text.append(
                    "%-12s %10d %10d %10d%n"
                            .formatted(
                                    stage.path("stage").asString(""),
                                    stage.path("position").asLong(0),
                                    stage.path("eventsBehind").asLong(0),
                                    stage.path("millisecondsBehind").asLong(0)));
        }
        text.append(System.lineSeparator());
        if (wrong.isEmpty()) {
            text.append("All is well.").append(System.lineSeparator());
        }
        for (var finding : wrong) {
            text.append(
                    "%s %s%n  do: %s%n"
                            .formatted(
                                    finding.grave() ? "WRONG" : "note ",
                                    finding.what(),
                                    finding.todo()));
        }
        return text.toString();
    }
}

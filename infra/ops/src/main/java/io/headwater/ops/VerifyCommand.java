package io.headwater.ops;

import io.headwater.contract.Json;
import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Cluster.Member;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Checks that archive and backups are whole, that tables and indexes are sound, and that the log has no gap. Takes as long as reading all of it.")
final class VerifyCommand implements Callable<Integer> {
    private static final Duration LONG = Duration.ofHours(12);
    private static final String GAPS =
            "SELECT count(*) = coalesce(max(position), 0) AND coalesce(min(position), 1) = 1 FROM log.event";

    @ParentCommand private Headwater headwater = new Headwater();

    @Override
    public Integer call() {
        var stack = headwater.stack();
        var cluster = new Cluster(stack);
        var console = headwater.console();
        String leader = cluster.leaderOrTrouble();
        String standby =
                cluster.members().stream()
                        .filter(member -> member.state().equals("streaming"))
                        .map(Member::name)
                        .findFirst()
                        .orElse(leader);
        var found = new LinkedHashMap<String, String>();
        console.progress("archiving works, end to end (pgbackrest check)");
        var check = stack.in(Duration.ofMinutes(5), "backup", "pgbackrest", "check");
        found.put("archiving", check.well() ? "well" : check.reason());
        console.progress("all files of archive and backups (pgbackrest verify)");
        var verify = stack.in(LONG, "backup", "pgbackrest", "verify", "--output=text");
        found.put(
                "archive and backups",
                verify.well() && !verify.out().contains("error") ? "well" : verify.reason());
        console.progress("tables and indexes, on " + standby + " (pg_amcheck)");
        cluster.sqlOrTrouble(leader, "CREATE EXTENSION IF NOT EXISTS amcheck");
        var amcheck = stack.in(LONG, standby, "pg_amcheck", "-d", "headwater");
        found.put("tables and indexes", amcheck.well() ? "well" : amcheck.reason());
        console.progress("positions, on " + standby);
        found.put(
                "log without a gap",
                cluster.sql(standby, GAPS).equals("t") ? "well" : "positions have a gap");
        console.say(
                headwater.json()
                        ? Json.mapper().valueToTree(found).toPrettyString()
                        : found.entrySet().stream()
                                .map(entry ->
                                        "%-20s %s".formatted(entry.getKey(), entry.getValue()))
                                .collect(Collectors.joining(System.lineSeparator())));
        return found.values().stream().allMatch("well"::equals) ? 0 : Headwater.WRONG;
    }
}

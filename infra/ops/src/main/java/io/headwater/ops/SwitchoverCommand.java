package io.headwater.ops;

import io.headwater.contract.Json;
import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Cluster.Member;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "switchover",
        mixinStandardHelpOptions = true,
        description =
                "Lets another node lead, in order: commands are held for some seconds, and none fails.")
final class SwitchoverCommand implements Callable<Integer> {
    private static final Duration WITHIN = Duration.ofSeconds(60);

    @ParentCommand private Headwater headwater = new Headwater();

    @Parameters(
            arity = "0..1",
            paramLabel = "NODE",
            description = "Who is to lead; by itself a standby that confirms commits.")
    private @Nullable String node;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        var cluster = new Cluster(headwater.stack());
        String leader = cluster.leaderOrTrouble();
        var candidates =
                cluster.members().stream()
                        .filter(member -> member.confirms() && member.state().equals("streaming"))
                        .map(Member::name)
                        .toList();
        String next = node == null ? candidates.stream().findFirst().orElse("") : node;
        if (!candidates.contains(next)) {
            throw new Trouble(
                    "%s cannot take over without loss; who can: %s. Nothing was done"
                            .formatted(
                                    next.isEmpty() ? "No standby" : next,
                                    candidates.isEmpty()
                                            ? "nobody, see `headwater status`"
                                            : String.join(", ", candidates)));
        }
        if (!headwater.console().confirm("%s hands over to %s.".formatted(leader, next), yes)) {
            return Headwater.NOT_CONFIRMED;
        }
        long began = System.nanoTime();
        cluster.switchover(leader, next);
        if (!Cluster.await(
                WITHIN,
                Duration.ofMillis(200),
                () -> cluster.leader().filter(next::equals).isPresent())) {
            throw new Trouble(
                    "%s does not lead after a minute; see `headwater status`".formatted(next));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        headwater
                .console()
                .say(
                        headwater.json()
                                ? Json.mapper()
                                        .createObjectNode()
                                        .put("from", leader)
                                        .put("to", next)
                                        .put("seconds", seconds)
                                        .toString()
                                : "%s leads, after %.1f s".formatted(next, seconds));
        return 0;
    }
}

package io.headwater.ops;

import io.headwater.ops.stack.Cluster;
import io.headwater.ops.stack.Trouble;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "rejoin",
        mixinStandardHelpOptions = true,
        description =
                "Brings a database node back: starts it and, if it does not stream by itself within a minute, makes it anew from the newest backup.")
final class RejoinCommand implements Callable<Integer> {
    private static final Duration BY_ITSELF = Duration.ofMinutes(1);
    private static final Duration ANEW = Duration.ofHours(6);

    @ParentCommand private Headwater headwater = new Headwater();

    @Parameters(paramLabel = "NODE")
    private String node = "";

    @Option(names = "--anew", description = "Make it anew, whatever it has.")
    private boolean anew;

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        var stack = headwater.stack();
        var cluster = new Cluster(stack);
        var console = headwater.console();
        stack.requireNode(node);
        if (!stack.states().getOrDefault(node, "").startsWith("running")) {
            console.progress(node + " is started");
            stack.compose(Duration.ofMinutes(2), "up", "-d", "--no-deps", node)
                    .orTrouble("Starting " + node);
        }
        if (!anew && Cluster.await(BY_ITSELF, () -> streams(cluster))) {
            console.say(node + " streams");
            return 0;
        }
        String leader = cluster.leaderOrTrouble();
        if (leader.equals(node)) {
            throw new Trouble(node + " leads; let another lead first: headwater switchover");
        }
        if (!console.confirm(
                "The data of %s are deleted and made anew from the newest backup.".formatted(node),
                yes)) {
            return Headwater.NOT_CONFIRMED;
        }
        stack.in(
                        Duration.ofMinutes(1),
                        leader,
                        "patronictl",
                        "reinit",
                        "headwater",
                        node,
                        "--force")
                .orTrouble("Making " + node + " anew");
        console.progress(node + " is made anew");
        if (!Cluster.await(ANEW, () -> streams(cluster))) {
            throw new Trouble(
                    node + " does not stream yet; see `docker compose logs " + node + "`");
        }
        console.say(node + " streams");
        return 0;
    }

    private boolean streams(Cluster cluster) {
        return cluster.members().stream()
                .anyMatch(member ->
                        member.name().equals(node)
                                && (member.leads() || member.state().equals("streaming")));
    }
}

package io.headwater.ops;

import io.headwater.ops.stack.Status;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description =
                "Who leads, how far each part is, what is wrong and what to do. Ends with 1 if something is wrong.")
final class StatusCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Override
    public Integer call() {
        var status = Status.of(headwater.stack());
        headwater.console().say(headwater.json() ? status.json().toPrettyString() : status.text());
        return status.wrong().stream().anyMatch(Status.Finding::grave) ? Headwater.WRONG : 0;
    }
}

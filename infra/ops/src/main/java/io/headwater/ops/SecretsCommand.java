package io.headwater.ops;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "secrets",
        mixinStandardHelpOptions = true,
        description =
                "Makes what is missing of passwords, keys and certificates, and certificates anew that end within 90 days. docs/operating.md tells how to rotate.")
final class SecretsCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Override
    public Integer call() {
        String made = headwater.stack().script("./make-secrets").orTrouble("Making secrets");
        headwater
                .console()
                .say(made.isBlank() ? "All is there, and no certificate ends soon." : made);
        return 0;
    }
}

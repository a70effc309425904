package io.headwater.ops;

import io.headwater.contract.Json;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(name = "token", mixinStandardHelpOptions = true, description = "Signs a bearer token.")
final class TokenCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Parameters(
            arity = "0..1",
            defaultValue = "operator",
            paramLabel = "SUBJECT",
            description = "Whom it names: the actor in each event; ${DEFAULT-VALUE}.")
    private String subject = "operator";

    @Option(
            names = "--scopes",
            split = ",",
            defaultValue = "read,write,model-admin",
            description = "By itself ${DEFAULT-VALUE}.")
    private List<String> scopes = List.of();

    @Option(
            names = "--seconds",
            defaultValue = "28800",
            description = "How long it holds; ${DEFAULT-VALUE}.")
    private long seconds;

    @Override
    public Integer call() {
        String token =
                headwater
                        .stack()
                        .script(
                                "./make-token",
                                subject,
                                String.join(" ", scopes),
                                Long.toString(seconds))
                        .orTrouble("Signing a token")
                        .strip();
        headwater
                .console()
                .say(
                        headwater.json()
                                ? Json.mapper().createObjectNode().put("token", token).toString()
                                : token);
        return 0;
    }
}

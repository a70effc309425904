package io.headwater.ops;

import io.headwater.ops.drill.Drills;
import io.headwater.ops.drill.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Does harm to the stack on purpose, under load, and compares each acknowledged write with log, Kafka and read model. Without a name it lists the drills. Ends with 1 if a bar is missed; after several drills a table sums them up.")
final class DrillCommand implements Callable<Integer> {
    @ParentCommand private Headwater headwater = new Headwater();

    @Parameters(
            arity = "0..*",
            paramLabel = "DRILL",
            description = "One or several, in order; `all` for all.")
    private List<String> names = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often, where a drill has rounds.")
    private @Nullable Integer rounds;

    @Option(
            names = "--brief",
            description = "Parts are away for a shorter time, where a drill has them away.")
    private boolean brief;

    @Option(
            names = "--laws",
            description =
                    "End with 1 only where a law is broken (something lost, repeated, out of order …), not for a time that is too long.")
    private boolean laws;

    @Option(names = "--to", paramLabel = "FOLDER", description = "Where reports go.")
    private Path folder = Path.of(System.getProperty("headwater.drills", "drills"));

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() {
        var console = headwater.console();
        var stack = headwater.stack();
        var all = Drills.all(stack.small());
        if (names.isEmpty()) {
            console.say(
                    all.entrySet().stream()
                            .map(entry -> "%-18s %s".formatted(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining(System.lineSeparator())));
            return 0;
        }
        var chosen = names.equals(List.of("all")) ? List.copyOf(all.keySet()) : names;
        if (!console.confirm(
                "%s: parts of the stack are killed, and a model with records is left in the log."
                        .formatted(String.join(", ", chosen)),
                yes)) {
            return Headwater.NOT_CONFIRMED;
        }
        var reports = new ArrayList<Report>();
        try {
            for (String name : chosen) {
                console.progress(name);
                var report =
                        Drills.run(stack, name, new Drills.Form(rounds, brief), console::progress);
                reports.add(report);
                var where = report.write(folder);
                console.say(
                        headwater.json()
                                ? report.json().toPrettyString()
                                : report.text() + "\nreport: " + where + "\n");
            }
        } finally {
            if (chosen.size() > 1 && !headwater.json()) {
                console.say(Report.table(reports));
            }
        }
        return reports.stream().allMatch(laws ? Report::lawful : Report::met) ? 0 : Headwater.WRONG;
    }
}

package io.headwater.query.pipeline;

import io.headwater.contract.Excerpt;
import io.headwater.contract.FieldType;
import io.headwater.contract.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Looks at all stages at once and says how far each is behind the log. A stage that cannot be
/// reached is said to be so; the others are told all the same. However many ask, the stages are
/// looked at once in [#KEPT]. Safe for concurrent use.
@Component
final class Pipeline implements DisposableBean {
    private static final Duration KEPT = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final List<Stage> stages;
    private final List<@Nullable Future<ObjectNode>> underWay;
    private final ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable ObjectNode newest;
    private long newestNanos;

    Pipeline(List<Stage> stages) {
        this.stages = List.copyOf(stages);
        this.underWay = new ArrayList<>();
        stages.forEach(stage -> underWay.add(null));
    }

    /// All stages, in the order of the way, with positions and times.
    synchronized ObjectNode look() throws InterruptedException {
        if (newest == null || System.nanoTime() - newestNanos > KEPT.toNanos()) {
            newest = lookAnew();
            newestNanos = System.nanoTime();
        }
        return newest;
    }

    private ObjectNode lookAnew() throws InterruptedException {
        List<Future<ObjectNode>> futures = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            Future<ObjectNode> before = underWay.get(i);
            // A stage that hangs is not asked twice at a time.
            Stage stage = stages.get(i);
            Future<ObjectNode> now =
                    before == null || before.isDone() ? looks.submit(() -> look(stage)) : before;
            underWay.set(i, now);
            futures.add(now);
        }
        ObjectNode pipeline = Json.mapper().createObjectNode();
        pipeline.put("at", FieldType.Moment.text(Instant.now().truncatedTo(ChronoUnit.MICROS)));
        var described = pipeline.putArray("stages");
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        ObjectNode log = null;
        for (int i = 0; i < futures.size(); i++) {
            ObjectNode stage = result(stages.get(i), futures.get(i), deadline);
            log = log == null ? stage : log;
            behind(stage, log);
            described.add(stage);
        }
        return pipeline;
    }

    private static ObjectNode look(Stage stage) throws Exception {
        ObjectNode description = Json.mapper().createObjectNode().put("stage", stage.name());
        stage.look(description);
        return description;
    }

    private static ObjectNode result(Stage stage, Future<ObjectNode> look, long deadline)
            throws InterruptedException {
        try {
            return look.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            return unreachable(stage, reason(failed.getCause()));
        } catch (TimeoutException late) {
            return unreachable(stage, "no answer within %d s".formatted(PATIENCE.toSeconds()));
        }
    }

    private static String reason(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown";
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    private static ObjectNode unreachable(Stage stage, String reason) {
        return Json.mapper()
                .createObjectNode()
                .put("stage", stage.name())
                .put("unreachable", Excerpt.of(reason));
    }

    /// How many events, and how much of the log's time, a stage is behind the log's head.
    private static void behind(ObjectNode stage, ObjectNode log) {
        JsonNode head = log.get(Stage.POSITION);
        JsonNode position = stage.get(Stage.POSITION);
        if (head == null || position == null) {
            return;
        }
        // The log was looked at in the same moment, not in the same snapshot: a stage can be ahead
        // of that look.
        long events = Math.max(0, head.longValue() - position.longValue());
        stage.put("eventsBehind", events);
        JsonNode headTime = log.get(Stage.TIME);
        JsonNode time = stage.get(Stage.TIME);
        if (events == 0) {
            stage.put("millisecondsBehind", 0);
        } else if (headTime != null && time != null) {
            long millis =
                    Duration.between(
                                    Instant.parse(time.stringValue()),
                                    Instant.parse(headTime.stringValue()))
                            .toMillis();
            stage.put("millisecondsBehind", Math.max(0, millis));
        }
    }

    @Override
    public void destroy() {
        looks.shutdownNow();
    }
}

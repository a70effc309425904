package io.headwater.query.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.headwater.contract.ConsistencyToken;
import io.headwater.contract.Excerpt;
import io.headwater.query.api.QueryString;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `GET /log?after=&limit=`: every event as one line of JSON with its hash, as docs/log.md tells.
/// Which positions an answer has is settled before its first byte; it is cut off where it fails.
@RestController
class LogController {
    private static final String AFTER = "after";
    private static final String LIMIT = "limit";
    private static final int USUAL = 10_000;
    private static final int MOST = 100_000;
    private static final Duration WAIT = Duration.ofMillis(20);
    private static final int MOST_WAITS = 250;

    private final LogTable log;
    private final Semaphore readers;

    LogController(LogTable log, LogProperties properties) {
        this.log = log;
        this.readers = new Semaphore(properties.maxReaders());
    }

    @GetMapping("/log")
    void log(HttpServletRequest request, HttpServletResponse response) throws IOException {
        QueryString parameters = QueryString.of(request).only(AFTER, LIMIT);
        String after = parameters.once(AFTER);
        LogPlace place =
                after == null ? LogPlace.START : LogPlace.parse(after, Place.PARAMETER, AFTER);
        int limit = limit(parameters.once(LIMIT));
        if (!readers.tryAcquire()) {
            throw Refusal.later(
                    "busy",
                    "Too many read the log",
                    "As many read the log as may at once; try again in a moment");
        }
        try {
            answer(place, limit, response);
        } finally {
            readers.release();
        }
    }

    private void answer(LogPlace place, int limit, HttpServletResponse response)
            throws IOException {
        LogTable.Head head = log.head();
        if (place.keptBy(head.lines()) < place.position()) {
            throw Refusal.of(
                    409,
                    "lost-position",
                    "That part of the log is lost",
                    "The log was restored, and what came after position %d of epoch %s is undone; read on after an earlier position"
                            .formatted(place.keptBy(head.lines()), place.epoch()));
        }
        String epoch = head.lines().current();
        long last = Math.max(place.position(), Math.min(head.position(), place.position() + limit));
        response.setContentType("application/x-ndjson");
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache, private");
        response.setHeader(ConsistencyToken.HEADER, new ConsistencyToken(epoch, last).toString());
        if (last < head.position()) {
            response.setHeader(
                    HttpHeaders.LINK,
                    "</log?after=%s.%d&limit=%d>; rel=\"next\"".formatted(epoch, last, limit));
        }
        send(new ConsistencyToken(epoch, place.position()), last, response.getOutputStream());
    }

    private void send(ConsistencyToken after, long last, OutputStream out) throws IOException {
        long at = after.position();
        int waits = 0;
        while (at < last) {
            LogTable.Page<LogTable.Line> page = log.lines(at, last);
            if (!page.epoch().equals(after.epoch())) {
                throw new CutOffException("The log was restored while it was read");
            }
            if (!page.items().isEmpty()) {
                for (LogTable.Line line : page.items()) {
                    write(line, out);
                }
                at = page.items().getLast().position();
            } else if (page.head() >= last) {
                return; // rows are missing, which the reader sees by the position in the token
            } else if (++waits > MOST_WAITS) {
                throw new CutOffException("The standbys are too far apart");
            } else {
                LockSupport.parkNanos(WAIT.toNanos()); // another standby has answered, one behind
            }
        }
    }

    /// Ends an answer that has begun, so that its reader sees that it is not whole.
    private static final class CutOffException extends IOException {
        private static final long serialVersionUID = 1;

        CutOffException(String reason) {
            super(reason);
        }
    }

    private static void write(LogTable.Line line, OutputStream out) throws IOException {
        out.write(
                "{\"position\":%d,\"hash\":\"%s\",\"event\":"
                        .formatted(line.position(), line.hash())
                        .getBytes(US_ASCII));
        out.write(line.json());
        out.write('}');
        out.write('\n');
    }

    private static int limit(@Nullable String text) {
        if (text == null) {
            return USUAL;
        }
        if (text.matches("[0-9]{1,9}")
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= MOST) {
            return Integer.parseInt(text);
        }
        throw Refusal.badInput(
                Place.PARAMETER,
                LIMIT,
                "bound",
                "Expected a whole number from 1 to %,d; got \"%s\""
                        .formatted(MOST, Excerpt.of(text)));
    }
}

package io.headwater.query.export;

import io.headwater.query.api.AskedMoment;
import io.headwater.query.api.FreshnessHeaders;
import io.headwater.query.api.Moments;
import io.headwater.query.api.QueryString;
import io.headwater.query.api.RecordQueries;
import io.headwater.query.language.QueryParameters;
import io.headwater.query.problem.Refusal;
import io.headwater.query.problem.Refusal.Place;
import io.headwater.query.sql.CompiledQuery;
import io.headwater.query.standby.Freshness;
import io.headwater.query.standby.Mishap;
import io.headwater.query.standby.ModelLookup;
import io.headwater.query.standby.Seen;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/// Answers queries with all of their records, in constant memory. Safe for concurrent use.
///
/// What goes wrong before the first byte is a problem detail. After it the connection is cut, so
/// that no client takes a part for the whole. A standby that is lost, or that must give the
/// snapshot up, is no reason: the tables of history hold the state of the beginning, so the export
/// goes on behind the last record it sent.
@Component
public class Exports {
    static final String NO_PAGES = "An export has no pages; it is all records at once";
    private static final int ATTEMPTS = 3;
    private static final int MOST_RESUMPTIONS = 20;
    private static final int BUFFER = 32 * 1024;

    /// Bytes that come from the database at once, roughly, and the bounds of the rows in them.
    private static final long FETCHED = 2L << 20;

    private static final int FEWEST_FETCHED = 16;
    private static final int MOST_FETCHED = 512;

    private final DataSource standby;
    private final ModelLookup models;
    private final Moments moments;
    private final FreshnessHeaders headers;
    private final ExportProperties properties;
    private final Semaphore turns;

    Exports(
            @Qualifier("exportDataSource") DataSource standby,
            ModelLookup models,
            Moments moments,
            FreshnessHeaders headers,
            ExportProperties properties,
            MeterRegistry meters) {
        this.standby = standby;
        this.models = models;
        this.moments = moments;
        this.headers = headers;
        this.properties = properties;
        this.turns = new Semaphore(properties.maxConcurrent());
        Gauge.builder(
                        "headwater.exports.running",
                        turns,
                        free -> properties.maxConcurrent() - free.availablePermits())
                .description("Exports that are being sent")
                .register(meters);
    }

    /// @throws Refusal if a page is asked for
    public static void requireNoPage(QueryString parameters) {
        for (String name : List.of(QueryParameters.SIZE, QueryParameters.AFTER)) {
            if (parameters.parameters().containsKey(name)) {
                throw Refusal.badInput(Place.PARAMETER, name, "no-pages", NO_PAGES);
            }
        }
    }

    /// Sends the answer.
    ///
    /// @param name of the file, without what tells its format; the format is the end of the path
    /// @throws Refusal if nothing was sent
    public void send(
            RecordQueries.Asked asked,
            String name,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!turns.tryAcquire()) {
            throw Refusal.later(
                    "busy",
                    "Too many exports",
                    "As many exports run as may at once (%d); try again in a while"
                            .formatted(properties.maxConcurrent()));
        }
        try (var read = new ExportRead(standby, models, asked)) {
            Freshness freshness = headers.of(request);
            Seen<CompiledQuery> seen =
                    moments.read(asked.moment(), freshness, () -> open(read, asked.moment()));
            CompiledQuery query = seen.orRefuse();
            ExportFormat format = ExportFormat.ofPath(request.getRequestURI());
            headers.answer(HttpStatus.OK, seen.at(), request)
                    .build()
                    .getHeaders()
                    .forEach((header, values) ->
                            values.forEach(value -> response.addHeader(header, value)));
            response.setContentType(format.mediaType());
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    "attachment; filename=\"%s%s\"".formatted(name, format.suffix()));
            if (!request.getMethod().equals("HEAD")) {
                // From here on a failure cannot be told, and must cut the answer off.
                response.flushBuffer();
                var out = new BufferedOutputStream(response.getOutputStream(), BUFFER);
                AskedMoment pinned = ExportRead.pinned(asked.moment(), seen.at());
                send(read, pinned, freshness, format.sink(asked.model(), query, out));
            }
        } finally {
            turns.release();
        }
    }

    private void send(ExportRead read, AskedMoment pinned, Freshness freshness, RecordSink sink)
            throws IOException {
        long deadline = System.nanoTime() + properties.longest().toNanos();
        int resumptions = 0;
        long records = 0;
        while (true) {
            try {
                if (!read.next()) {
                    sink.end();
                    return;
                }
            } catch (SQLException failure) {
                if (Mishap.of(failure) != Mishap.PASSING || ++resumptions > MOST_RESUMPTIONS) {
                    throw new CutOffException("The database gave it up", failure);
                }
                moments.read(pinned, freshness, () -> open(read, pinned)).orRefuse();
                continue;
            }
            write(read, sink);
            if (++records % FEWEST_FETCHED == 0) {
                if (System.nanoTime() > deadline) {
                    throw new CutOffException(
                            "An export takes at most " + properties.longest(), null);
                }
                fetchAsMany(read, Math.max(1, sink.bytes() / records));
            }
        }
    }

    private static void write(ExportRead read, RecordSink sink) throws IOException {
        try {
            sink.write(read.rows());
            read.done();
        } catch (SQLException unreadable) {
            throw new CutOffException("A row cannot be read", unreadable);
        }
    }

    private static void fetchAsMany(ExportRead read, long bytesOfOne) {
        try {
            read.rows()
                    .setFetchSize(Math.clamp(FETCHED / bytesOfOne, FEWEST_FETCHED, MOST_FETCHED));
        } catch (SQLException closed) {
            throw new IllegalStateException(closed);
        }
    }

    private static Seen<CompiledQuery> open(ExportRead read, AskedMoment moment) {
        for (int attempt = 1; ; attempt++) {
            try {
                Seen<CompiledQuery> seen = read.open(moment, attempt > 1);
                if (seen != null) {
                    return seen;
                }
                if (attempt == ATTEMPTS) {
                    throw Refusal.later(
                            "model-changing",
                            "The model is changing",
                            "The model changed again and again while the query was run; try again in a moment");
                }
            } catch (SQLException failure) {
                settle(failure, attempt);
            }
        }
    }

    /// Returns if it is worth another attempt.
    private static void settle(SQLException failure, int attempt) {
        switch (Mishap.of(failure)) {
            case SLOW ->
                    throw Refusal.later(
                            "query-timeout",
                            "The query takes too long",
                            "The database found no first record in time; filter and sort by indexed fields");
            case VALUE ->
                    throw Refusal.of(
                            400,
                            "incomparable",
                            "Values cannot be compared",
                            "A json value in the filter or in a record cannot be compared: a number in it is too large");
            case LARGE ->
                    throw Refusal.of(
                            400,
                            "too-large",
                            "The answer is too large",
                            "The database cannot hold what is asked for; expand less");
            case PASSING, SCHEMA -> {
                if (attempt == ATTEMPTS) {
                    throw Refusal.later(
                            "standby-unavailable",
                            "The read side cannot be reached",
                            "No database could answer the query just now; try again in a moment");
                }
            }
            case OTHER ->
                    throw new IllegalStateException(
                            "An export failed: " + failure.getMessage(), failure);
        }
    }

    /// Ends an answer that has begun, so that its reader sees that it is not whole.
    private static final class CutOffException extends IOException {
        private static final long serialVersionUID = 1;

        CutOffException(String reason, @org.jspecify.annotations.Nullable Throwable cause) {
            super(reason, cause);
        }
    }
}

package io.headwater.command.imports;

import io.headwater.command.rows.Layout;
import io.headwater.command.rows.RowReader;
import io.headwater.contract.ImportId;
import io.headwater.contract.ImportState;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is looked at before the first row is decided.
final class ImportChecks {
    private ImportChecks() {}

    /// The model of an upload, if its parameters fit it.
    ///
    /// @throws io.headwater.command.http.ProblemException if not, or if there is no such model
    static ModelDefinition model(Upload upload, ImportLog log) {
        ModelDefinition model =
                switch (log.model(upload.model()).orElse(null)) {
                    case null -> throw ImportProblems.unknownModel(upload.model());
                    case ModelEvent.ModelRetired _ ->
                            throw ImportProblems.retiredModel(upload.model());
                    case ModelEvent.ModelDefined defined -> defined.definition();
                };
        misfits(upload, model, null);
        return model;
    }

    /// @param rows of the file; null if only the parameters are to be checked
    /// @throws io.headwater.command.http.ProblemException if anything does not fit
    static void misfits(Upload upload, ModelDefinition model, @Nullable RowReader rows) {
        var layout = new Layout(model, upload.parameters().layout());
        var misfits = layout.misfits(rows == null ? null : ImportParameters.header(rows));
        if (!misfits.isEmpty()) {
            throw ImportProblems.parameters(misfits);
        }
    }

    static Map<String, String> stored(Upload upload) {
        return ImportParameters.stored(upload.parameters().format(), upload.given());
    }

    /// An import before its first row.
    static ImportState started(ImportId id, Upload upload, String digest, long bytes, Clock clock) {
        // The log keeps microseconds; what is compared with it must not be finer.
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return new ImportState(
                id, upload.model(), stored(upload), digest, bytes, now, 0, 0, 0, 0, 0);
    }
}

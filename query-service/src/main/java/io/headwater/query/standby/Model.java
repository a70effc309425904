package io.headwater.query.standby;

import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelName;
import io.headwater.query.shape.RecordShape;
import io.headwater.query.sql.CompiledQuery;
import io.headwater.query.sql.QueryCompiler;
import org.jspecify.annotations.Nullable;

/// One version of a model, as queries need it.
///
/// @param epoch the log's line of life in which it was looked up: another may have another version
///   of the same number
/// @param position of the event that defined it
public record Model(
        ModelName name,
        String epoch,
        int version,
        long position,
        ModelDefinition definition,
        RecordShape shape,
        CompiledQuery byId) {
    static Model of(
            ModelName name, String epoch, int version, long position, ModelDefinition definition) {
        var shape = new RecordShape(name, definition);
        return new Model(
                name, epoch, version, position, definition, shape, QueryCompiler.byId(shape));
    }

    /// Whether a statement saw this version.
    ///
    /// @param version of the model in the statement's snapshot; null if it was not there
    public boolean isOf(Checkpoint at, @Nullable Integer version) {
        return version != null && version == this.version && at.epoch().equals(epoch);
    }
}

package io.headwater.command.models;

import io.headwater.command.ledger.Reply;
import io.headwater.command.ledger.Slice;
import io.headwater.command.models.ModelCommand.DefineModel;
import io.headwater.command.models.ModelCommand.RetireModel;
import io.headwater.contract.Json;
import io.headwater.contract.ModelName;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The commands for models, for the ledger to handle.
public final class ModelSlices {
    static final Slice<DefineModel, Verdict> DEFINE =
            new Slice<>(
                    "headwater.DefineModel",
                    DefineModel.class,
                    ModelDecider::define,
                    (command, verdict) -> reply(command.model(), verdict));

    static final Slice<RetireModel, Verdict> RETIRE =
            new Slice<>(
                    "headwater.RetireModel",
                    RetireModel.class,
                    ModelDecider::retire,
                    (command, verdict) -> reply(command.model(), verdict));

    private ModelSlices() {}

    public static List<Slice<?, ?>> all() {
        return List.of(DEFINE, RETIRE);
    }

    /// `{"model", "version", "change"}`; nothing for a model that is gone.
    private static Reply reply(ModelName model, Verdict verdict) {
        var body =
                Json.mapper()
                        .createObjectNode()
                        .put("model", model.value())
                        .put("version", verdict.version())
                        .put("change", verdict.change().name().toLowerCase(Locale.ROOT));
        String etag = "\"" + verdict.version() + "\"";
        return switch (verdict.change()) {
            case DEFINED ->
                    new Reply(201, Map.of("ETag", etag, "Location", "/models/" + model), body);
            case EVOLVED, UNCHANGED -> new Reply(200, Map.of("ETag", etag), body);
            case RETIRED -> new Reply(204, Map.of(), null);
        };
    }
}

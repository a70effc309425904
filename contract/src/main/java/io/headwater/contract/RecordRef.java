package io.headwater.contract;

/// One record of one model; written `<model>/<id>`.
public record RecordRef(ModelName model, RecordId id) {
    @Override
    public String toString() {
        return model.value() + "/" + id.value();
    }
}

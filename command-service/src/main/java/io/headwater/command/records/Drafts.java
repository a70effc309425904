package io.headwater.command.records;

import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.ModelState;
import io.headwater.contract.RecordRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The records that a command touches, in the order in which it does. Not safe for concurrent use.
final class Drafts {
    private final Inquiry log;
    private final Map<RecordRef, Draft> drafts = new LinkedHashMap<>();

    Drafts(Inquiry log) {
        this.log = log;
    }

    @Nullable Draft find(RecordRef record) {
        return drafts.get(record);
    }

    Draft take(RecordRef record, ModelState.Live model) {
        return drafts.computeIfAbsent(
                record, r -> new Draft(r, model.version(), model.definition(), log.record(r)));
    }

    Collection<Draft> all() {
        return drafts.values();
    }

    /// A copy, for walks on which drafts are added.
    List<Draft> sofar() {
        return new ArrayList<>(drafts.values());
    }
}

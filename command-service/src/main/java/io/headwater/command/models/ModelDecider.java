package io.headwater.command.models;

import io.headwater.command.ledger.Decision;
import io.headwater.command.ledger.Entry;
import io.headwater.command.ledger.EventTag;
import io.headwater.command.ledger.Expected;
import io.headwater.command.ledger.Inquiry;
import io.headwater.command.ledger.ModelState;
import io.headwater.command.ledger.Refusal;
import io.headwater.command.ledger.Refusal.Reason;
import io.headwater.command.models.ModelCommand.DefineModel;
import io.headwater.command.models.ModelCommand.RetireModel;
import io.headwater.command.models.Verdict.Change;
import io.headwater.contract.Fault;
import io.headwater.contract.Faults;
import io.headwater.contract.Field;
import io.headwater.contract.FieldType.Reference;
import io.headwater.contract.ModelDefinition;
import io.headwater.contract.ModelEvent.ModelDefined;
import io.headwater.contract.ModelEvent.ModelRetired;
import io.headwater.contract.ModelName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of models. Pure.
final class ModelDecider {
    private ModelDecider() {}

    static Decision<Verdict> define(DefineModel command, Inquiry log) {
        ModelState now = log.model(command.model());
        List<Fault> unresolved = unresolvedTargets(command, log);
        if (now == null || !log.open().isEmpty()) {
            return new Decision.Undecided<>(log.open());
        }
        if (now instanceof ModelState.Retired) {
            return refused(retired(command.model()));
        }
        Refusal stale = stale(command.expected(), command.model(), version(now));
        if (stale != null) {
            return refused(stale);
        }
        if (!unresolved.isEmpty()) {
            return refused(
                    new Refusal(
                            Reason.UNRESOLVED_REFERENCE,
                            unresolved.getFirst().detail(),
                            unresolved));
        }
        return now instanceof ModelState.Live live
                ? evolve(command, live)
                : defined(command, new Verdict(Change.DEFINED, 1), Set.of());
    }

    private static Decision<Verdict> evolve(DefineModel command, ModelState.Live now) {
        if (now.definition().toJson().equals(command.definition().toJson())) {
            return new Decision.Accepted<>(List.of(), new Verdict(Change.UNCHANGED, now.version()));
        }
        List<Fault> reasons = Compatibility.breaks(now.definition(), command.definition());
        if (!reasons.isEmpty()) {
            return refused(
                    new Refusal(
                            Reason.INCOMPATIBLE_CHANGE,
                            "The change could break stored records or their readers: "
                                    + reasons.getFirst().detail()
                                    + (reasons.size() == 1 ? "" : " (and more, see errors)"),
                            reasons));
        }
        return defined(
                command, new Verdict(Change.EVOLVED, now.version() + 1), targets(now.definition()));
    }

    private static Decision<Verdict> defined(
            DefineModel command, Verdict verdict, Set<ModelName> targetsBefore) {
        if (command.dryRun()) {
            return new Decision.Accepted<>(List.of(), verdict);
        }
        Set<EventTag> tags = new HashSet<>();
        tags.add(EventTag.model(command.model()));
        targetsBefore.forEach(target -> tags.add(EventTag.target(target)));
        targets(command.definition()).forEach(target -> tags.add(EventTag.target(target)));
        var event = new ModelDefined(command.model(), verdict.version(), command.definition());
        return new Decision.Accepted<>(List.of(new Entry(event, tags)), verdict);
    }

    static Decision<Verdict> retire(RetireModel command, Inquiry log) {
        ModelState now = log.model(command.model());
        List<ModelName> referring = referring(command.model(), log);
        if (now == null || !log.open().isEmpty()) {
            return new Decision.Undecided<>(log.open());
        }
        return switch (now) {
            case ModelState.Unknown _ ->
                    refused(
                            new Refusal(
                                    Reason.UNKNOWN_MODEL,
                                    "There is no model " + command.model(),
                                    List.of()));
            case ModelState.Retired _ -> refused(retired(command.model()));
            case ModelState.Live live -> retire(command, live, referring);
        };
    }

    private static Decision<Verdict> retire(
            RetireModel command, ModelState.Live now, List<ModelName> referring) {
        Refusal stale = stale(command.expected(), command.model(), now.version());
        if (stale != null) {
            return refused(stale);
        }
        if (!referring.isEmpty()) {
            return refused(
                    new Refusal(
                            Reason.MODEL_REFERENCED,
                            "The model %s is referred to by %s; retire those first"
                                    .formatted(
                                            command.model(),
                                            String.join(
                                                    ", ",
                                                    referring.stream()
                                                            .map(ModelName::value)
                                                            .toList())),
                            List.of()));
        }
        var verdict = new Verdict(Change.RETIRED, now.version() + 1);
        Set<EventTag> tags = new HashSet<>();
        tags.add(EventTag.model(command.model()));
        targets(now.definition()).forEach(target -> tags.add(EventTag.target(target)));
        var event = new ModelRetired(command.model(), verdict.version());
        return new Decision.Accepted<>(List.of(new Entry(event, tags)), verdict);
    }

    private static List<Fault> unresolvedTargets(DefineModel command, Inquiry log) {
        var faults = new ArrayList<Fault>();
        for (Field field : command.definition().fields().values()) {
            if (field.type() instanceof Reference reference
                    && !reference.to().equals(command.model())) {
                ModelState target = log.model(reference.to());
                if (target != null && !(target instanceof ModelState.Live)) {
                    faults.add(
                            new Fault(
                                    Faults.member("/fields", field.name()) + "/to",
                                    "unresolved-reference",
                                    "There is no model %s to refer to; define it first"
                                            .formatted(reference.to())));
                }
            }
        }
        return faults;
    }

    private static List<ModelName> referring(ModelName model, Inquiry log) {
        var referring = new ArrayList<ModelName>();
        Set<ModelName> candidates = log.modelsReferringTo(model);
        for (ModelName other : candidates == null ? Set.<ModelName>of() : candidates) {
            if (!other.equals(model)
                    && log.model(other) instanceof ModelState.Live live
                    && live.definition().refersTo(model)) {
                referring.add(other);
            }
        }
        return referring;
    }

    private static Set<ModelName> targets(ModelDefinition definition) {
        Set<ModelName> targets = new HashSet<>();
        for (Field field : definition.fields().values()) {
            if (field.type() instanceof Reference reference) {
                targets.add(reference.to());
            }
        }
        return targets;
    }

    private static long version(ModelState state) {
        return switch (state) {
            case ModelState.Unknown _ -> 0;
            case ModelState.Live live -> live.version();
            case ModelState.Retired gone -> gone.version();
        };
    }

    private static @Nullable Refusal stale(Expected expected, ModelName model, long version) {
        return expected.missedBy("model " + model, version);
    }

    private static Refusal retired(ModelName model) {
        return new Refusal(
                Reason.MODEL_RETIRED,
                "The model %s is retired and its name stays taken".formatted(model),
                List.of());
    }

    private static Decision<Verdict> refused(Refusal refusal) {
        return new Decision.Refused<>(refusal);
    }
}

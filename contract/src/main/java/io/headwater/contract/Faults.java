package io.headwater.contract;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong while an input is read, so that a client learns all of it at once. Keeps
/// the first 100 faults. Not safe for concurrent use.
public final class Faults {
    private static final int MOST = 100;
    private final List<Fault> found = new ArrayList<>();

    public void add(String pointer, String code, String detail) {
        if (found.size() < MOST) {
            found.add(new Fault(pointer, code, detail));
        }
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Fault> list() {
        return List.copyOf(found);
    }

    /// Pointer to a member of an object.
    public static String member(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}

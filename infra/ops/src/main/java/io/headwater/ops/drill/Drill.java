package io.headwater.ops.drill;

import java.util.List;

/// One fault, or a row of them, and what must not come of it.
///
/// @param name as one says it to `headwater drill`
/// @param about what is done, in a sentence
/// @param rounds how often, where nothing else is said
/// @param small whether the form of the stack with one of each can stand it
record Drill(String name, String about, int rounds, boolean small, Course course, Judge judge) {
    interface Course {
        void run(Scene scene);
    }

    /// Says what must hold beyond what must always: nothing lost, repeated, out of order or
    /// misread.
    interface Judge {
        List<Bar> judge(Scene scene, Outages outages);
    }

    static Bar noneFailed(Scene scene) {
        return Bar.atMost("failed commands", 0, scene.failures().size());
    }
}

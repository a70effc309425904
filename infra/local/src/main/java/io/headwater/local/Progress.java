package io.headwater.local;

import java.time.Duration;

/// Hears what happens to the parts of a platform; called from several threads.
interface Progress {
    Progress SILENT =
            new Progress() {
                @Override
                public void ready(String part, Duration took) {}

                @Override
                public void say(String line) {}
            };

    void ready(String part, Duration took);

    void say(String line);
}

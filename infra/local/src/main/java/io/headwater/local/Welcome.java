package io.headwater.local;

import java.io.PrintStream;
import java.nio.file.Path;

/// What a person needs to begin: two addresses, a token, and two commands to try.
record Welcome(LocalPlatform platform) {
    void print(PrintStream out) {
        String token = platform.token("read", "write", "model-admin", "audit");
        Secrets.write(header(), "Authorization: Bearer " + token + "\n");
        String curl = "curl -sS -H @" + header();
        String json = curl + " -H Content-Type:application/json -X PUT";
        Path answer = platform.home().resolve("answer");
        out.println(
                """

                Command service  %1$s
                Query service    %2$s
                Token            %3$s

                Try: the first defines a model and writes a record, the second waits for it and reads it on the standby.

                  %4$s %1$s/models/note -d '{"label":"Note","fields":{"text":{"type":"text"}}}' && %4$s %1$s/records/note/first -d '{"text":"hello"}' -D %6$s

                  %5$s -H "Consistency-At-Least: $(sed -n 's/^Consistency-Token: //p' %6$s | tr -d '\\r')" -H 'Prefer: wait=10' %2$s/records/note/first
                """
                        .formatted(
                                platform.command().url(),
                                platform.query().url(),
                                token,
                                json,
                                curl,
                                answer));
        out.flush();
    }

    /// The file that `curl -H @file` takes the token from; its owner alone may read it.
    Path header() {
        return platform.home().resolve("authorization");
    }
}

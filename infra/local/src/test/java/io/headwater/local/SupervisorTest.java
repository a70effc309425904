package io.headwater.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SupervisorTest {
    @Test
    void aPartThatEndsIsStartedAgainAndSaysSo() throws Exception {
        CountDownLatch back = new CountDownLatch(1);
        java.util.Queue<String> said = new java.util.concurrent.ConcurrentLinkedQueue<>();
        Progress progress =
                new Progress() {
                    @Override
                    public void ready(String part, Duration took) {
                        back.countDown();
                    }

                    @Override
                    public void say(String line) {
                        said.add(line);
                    }
                };
        try (LocalCluster cluster = LocalCluster.builder().inTemporaryFolder().start();
                Supervisor supervisor = new Supervisor(List.of(cluster.primary()), progress)) {
            assertThat(supervisor).isNotNull();
            cluster.primary().kill();
            assertThat(back.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(cluster.primary().isAlive()).isTrue();
            assertThat(said).anyMatch(line -> line.startsWith("postgres has ended"));
        }
    }
}

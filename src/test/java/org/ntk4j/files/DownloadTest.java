package org.ntk4j.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

class DownloadTest {

    private static final byte[] CONTENT = new byte[100_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    @TempDir
    private Path folder;
    private HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private RemoteFile file;

    /** What a mirror does with a request. */
    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        Path copy = folder.resolve("copy");
        Files.write(copy, CONTENT);
        file = new RemoteFile("f.gz", CONTENT.length, Download.sha256(copy));
        Files.delete(copy);
    }

    @AfterEach
    void stop() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private URI mirror(String name, Behaviour behaviour) {
        server.createContext("/" + name + "/", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            asked.add(exchange.getRequestURI().getPath() + (range == null ? "" : " " + range));
            try (exchange) {
                behaviour.answer(exchange);
            }
        });
        return URI.create("http://localhost:" + server.getAddress().getPort() + "/" + name + "/");
    }

    private URI dead() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return URI.create("http://localhost:" + socket.getLocalPort() + "/dead/");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Behaviour whole(byte[] content) {
        return exchange -> {
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        };
    }

    private static void ranged(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (CONTENT.length - 1) + "/" + CONTENT.length);
        exchange.sendResponseHeaders(range == null ? 200 : 206, CONTENT.length - from);
        exchange.getResponseBody().write(CONTENT, from, CONTENT.length - from);
    }

    private void fetch(URI... mirrors) throws IOException {
        fetch(Monitor.silent(), List.of(file), mirrors);
    }

    private void fetch(Monitor monitor, List<RemoteFile> files, URI... mirrors) throws IOException {
        new Download(List.of(mirrors), Duration.ofMillis(1000), Duration.ofMillis(400)).fetch(files, folder.resolve("d"), monitor);
    }

    private void assertDone() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile)).containsExactly(folder.resolve("d/f.gz"));
        }
        assertThat(Files.readAllBytes(folder.resolve("d/f.gz"))).isEqualTo(CONTENT);
    }

    private void partIs(byte[] content) throws IOException {
        Files.createDirectories(folder.resolve("d"));
        Files.write(folder.resolve("d/f.gz.part"), content);
    }

    @Test
    void downloads_and_says_how_far_it_is() throws IOException {
        List<String> told = new ArrayList<>();
        fetch(new Told(told, false), List.of(file), mirror("a", whole(CONTENT)));
        assertDone();
        assertThat(told).first().isEqualTo("downloading f.gz of 100000");
        assertThat(told).endsWith("100000", "closed");
    }

    @Test
    void continues_a_part() throws IOException {
        partIs(Arrays.copyOf(CONTENT, 60_000));
        fetch(mirror("a", DownloadTest::ranged));
        assertDone();
        assertThat(asked).containsExactly("/a/f.gz bytes=60000-");
    }

    @Test
    void takes_a_complete_part_without_asking() throws IOException {
        partIs(CONTENT);
        fetch(dead());
        assertDone();
    }

    @Test
    void begins_again_where_a_mirror_knows_no_ranges() throws IOException {
        partIs(Arrays.copyOf(CONTENT, 60_000));
        fetch(mirror("a", whole(CONTENT)));
        assertDone();
    }

    @Test
    void begins_again_where_the_part_was_something_else() throws IOException {
        partIs(new byte[60_000]);
        fetch(mirror("a", DownloadTest::ranged));
        assertDone();
        assertThat(asked).containsExactly("/a/f.gz bytes=60000-", "/a/f.gz");
    }

    @Test
    void continues_on_the_next_mirror_where_one_breaks_off() throws IOException {
        URI broken = mirror("a", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 50_000);
            exchange.getResponseBody().flush();
            throw new IOException("broken on purpose");
        });
        fetch(broken, mirror("b", DownloadTest::ranged));
        assertDone();
        assertThat(asked).hasSize(2).last().asString().startsWith("/b/f.gz bytes=");
    }

    @Test
    void goes_on_from_dead_wrong_missing_and_other_files() throws IOException {
        byte[] wrong = CONTENT.clone();
        wrong[500]++;
        fetch(dead(), mirror("a", whole(wrong)), mirror("b", exchange -> exchange.sendResponseHeaders(404, -1)),
                mirror("c", whole("please log in".getBytes())), mirror("d", whole(new byte[200_000])), mirror("e", DownloadTest::ranged));
        assertDone();
        assertThat(asked).containsExactly("/a/f.gz", "/b/f.gz", "/c/f.gz", "/d/f.gz", "/e/f.gz");
    }

    @Test
    void does_not_wait_for_a_mirror_that_falls_silent() throws IOException {
        URI mute = mirror("a", exchange -> await());
        URI stuck = mirror("b", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 50_000);
            exchange.getResponseBody().flush();
            await();
        });
        long start = System.nanoTime();
        fetch(mute, stuck, mirror("c", DownloadTest::ranged));
        assertDone();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        assertThat(asked).last().isEqualTo("/c/f.gz bytes=50000-");
    }

    private void await() {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void does_not_ask_a_dead_mirror_twice() throws IOException {
        RemoteFile other = new RemoteFile("g.gz", file.bytes(), file.sha256());
        fetch(Monitor.silent(), List.of(file, other), mirror("a", exchange -> exchange.sendResponseHeaders(500, -1)),
                mirror("b", whole(CONTENT)));
        assertThat(asked).containsExactly("/a/f.gz", "/b/f.gz", "/b/g.gz");
    }

    @Test
    void says_what_each_mirror_did() {
        assertThatThrownBy(() -> fetch(dead(), URI.create("http://no-such-host.invalid/"),
                mirror("a", exchange -> exchange.sendResponseHeaders(403, -1))))
                .isInstanceOf(IOException.class)
                .hasMessage("localhost: cannot be reached; no-such-host.invalid: cannot be reached; localhost: it answers 403 for f.gz");
        assertThat(folder.resolve("d/f.gz")).doesNotExist();
    }

    @Test
    void a_wrong_file_never_gets_the_name() throws IOException {
        byte[] wrong = CONTENT.clone();
        wrong[0]++;
        assertThatThrownBy(() -> fetch(mirror("a", whole(wrong)))).isInstanceOf(IOException.class)
                .hasMessageContaining("wrong checksum of f.gz");
        assertThat(folder.resolve("d")).doesNotExist();
    }

    @Test
    void ends_when_cancelled_and_keeps_the_part() throws IOException {
        URI slow = mirror("a", exchange -> {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 50_000);
            exchange.getResponseBody().flush();
            await();
        });
        assertThatThrownBy(() -> fetch(new Told(new ArrayList<>(), true), List.of(file), slow))
                .isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.status()).isEqualTo(Failure.CANCELLED));
        assertThat(folder.resolve("d/f.gz")).doesNotExist();
    }

    /** Writes down what it is told. */
    private record Told(List<String> lines, boolean cancelled) implements Monitor {

        @Override
        public Task begin(String what, long total) {
            lines.add(what + " of " + total);
            return new Task() {
                @Override
                public void done(long units) {
                    lines.add(String.valueOf(units));
                }

                @Override
                public void done(long units, String state) {
                    done(units);
                }

                @Override
                public void close() {
                    lines.add("closed");
                }
            };
        }

        @Override
        public void note(String line) {
            lines.add(line);
        }
    }
}

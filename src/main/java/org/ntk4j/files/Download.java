package org.ntk4j.files;

import java.io.IOException;
import java.io.EOFException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Sha256;

/**
 * Downloads files from the first mirror that has them. A file grows as {@code NAME.part}, which a later attempt continues,
 * and gets its name once its checksum is right.
 *
 * @param mirrors folders, each ending with {@code /}, in the order in which they are tried
 * @param answer  how long a mirror may take until it answers
 * @param silence how long it may send nothing after that
 */
public record Download(List<URI> mirrors, Duration answer, Duration silence) {

    private static final Duration POLL = Duration.ofMillis(50);

    /** A download with the usual patience. */
    public static Download from(String... mirrors) {
        return new Download(Arrays.stream(mirrors).map(URI::create).toList(), Duration.ofSeconds(4), Duration.ofSeconds(15));
    }

    /**
     * Downloads files into a folder, which is made. A mirror that fails is not asked again for the next files.
     *
     * @throws FileSystemException where the folder cannot be written
     * @throws IOException         where no mirror gives a file, with what each of them did
     * @throws Failure             after Ctrl-C
     */
    public void fetch(List<RemoteFile> files, Path folder, Monitor monitor) throws IOException {
        List<Path> made = missing(folder);
        Files.createDirectories(folder);
        try {
            fetchAll(files, folder, monitor);
        } finally {
            for (Path each : made) {
                if (isEmpty(each)) {
                    Files.delete(each);
                }
            }
        }
    }

    /** The folders that have to be made, the innermost first. */
    private static List<Path> missing(Path folder) {
        List<Path> missing = new ArrayList<>();
        for (Path each = folder.toAbsolutePath(); each != null && !Files.exists(each); each = each.getParent()) {
            missing.add(each);
        }
        return missing;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }

    private void fetchAll(List<RemoteFile> files, Path folder, Monitor monitor) throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(answer).followRedirects(HttpClient.Redirect.NORMAL).proxy(ProxySelector.getDefault()).build();
        List<URI> alive = new ArrayList<>(mirrors);
        List<String> reasons = new ArrayList<>();
        for (RemoteFile file : files) {
            try (Monitor.Task task = monitor.begin("downloading " + file.name(), file.bytes())) {
                while (!fetched(client, file, folder, alive, reasons, monitor, task)) {
                    alive.remove(0);
                }
            }
        }
    }

    private boolean fetched(HttpClient client, RemoteFile file, Path folder, List<URI> alive, List<String> reasons, Monitor monitor,
            Monitor.Task task) throws IOException {
        if (alive.isEmpty()) {
            throw new IOException(String.join("; ", reasons));
        }
        URI mirror = alive.get(0);
        Path part = folder.resolve(file.name() + ".part");
        try {
            boolean begun = size(part) > 0;
            if (!complete(client, mirror, file, part, monitor, task) && !(begun && complete(client, mirror, file, part, monitor, task))) {
                throw new IOException("wrong checksum of " + file.name());
            }
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            reasons.add(mirror.getHost() + ": " + e.getMessage());
            monitor.note(mirror.getHost() + ": " + e.getMessage());
            return false;
        }
        Files.move(part, folder.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    /** Transfers what is missing; false, and nothing is left, where the checksum is wrong. */
    private boolean complete(HttpClient client, URI mirror, RemoteFile file, Path part, Monitor monitor, Monitor.Task task)
            throws IOException {
        if (size(part) > file.bytes()) {
            Files.delete(part);
        }
        if (size(part) < file.bytes()) {
            transfer(client, mirror.resolve(file.name()), file, part, monitor, task);
        }
        if (sha256(part).equals(file.sha256())) {
            return true;
        }
        Files.delete(part);
        return false;
    }

    private void transfer(HttpClient client, URI address, RemoteFile file, Path part, Monitor monitor, Monitor.Task task)
            throws IOException {
        long have = size(part);
        HttpRequest.Builder request = HttpRequest.newBuilder(address).header("User-Agent", "ntk4j");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
        }
        AtomicBoolean answered = new AtomicBoolean();
        CompletableFuture<HttpResponse<Path>> reply = client.sendAsync(request.build(), head -> {
            answered.set(true);
            return body(head, have, part);
        });
        try {
            int status = watch(reply, answered, file, part, monitor, task).statusCode();
            if (status != 200 && status != 206) {
                if (status == 416) {
                    Files.deleteIfExists(part);
                }
                throw new IOException("it answers " + status + " for " + file.name());
            }
        } finally {
            reply.cancel(true);
        }
        if (size(part) != file.bytes()) {
            long got = size(part);
            Files.deleteIfExists(part);
            throw new IOException(file.name() + " has " + got + " bytes there, not " + file.bytes());
        }
    }

    private static HttpResponse.BodySubscriber<Path> body(HttpResponse.ResponseInfo head, long have, Path part) {
        boolean continues = head.statusCode() == 206 && head.headers().firstValue("Content-Range").orElse("")
                .startsWith("bytes " + have + "-");
        if (continues) {
            return BodySubscribers.ofFile(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
        }
        return head.statusCode() == 200
                ? BodySubscribers.ofFile(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                : BodySubscribers.replacing(part);
    }

    /** Waits for the end while the file grows: the client itself knows no limit for a body that stops coming. */
    private HttpResponse<Path> watch(CompletableFuture<HttpResponse<Path>> reply, AtomicBoolean answered, RemoteFile file, Path part,
            Monitor monitor, Monitor.Task task) throws IOException {
        long size = size(part);
        long since = System.nanoTime();
        boolean begun = false;
        while (true) {
            try {
                HttpResponse<Path> response = reply.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
                task.done(Math.min(size(part), file.bytes()));
                return response;
            } catch (TimeoutException e) {
                if (monitor.cancelled()) {
                    throw Failure.cancelled("download of " + file.name() + " cancelled; the next one continues it");
                }
                if (size(part) != size || answered.get() != begun) {
                    begun = answered.get();
                    size = size(part);
                    since = System.nanoTime();
                    task.done(Math.min(size, file.bytes()));
                }
                Duration limit = begun ? silence : answer;
                if (size > file.bytes()) {
                    Files.deleteIfExists(part);
                    throw new IOException(file.name() + " has more than " + file.bytes() + " bytes there");
                }
                if (System.nanoTime() - since > limit.toNanos()) {
                    throw new IOException((begun ? "it sent nothing for " : "no answer within ") + limit.toMillis() / 1000.0 + " s");
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof FileSystemException unwritable) {
                    throw unwritable;
                }
                throw new IOException(reason(e.getCause()), e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Failure.cancelled("download of " + file.name() + " interrupted; the next one continues it");
            }
        }
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof ConnectException) {
            return "cannot be reached";
        }
        if (cause == null) {
            return "for an unknown reason";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static long size(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return sha256(in);
        }
    }

    /** Of what a file compressed with gzip holds; empty where it is none. */
    static String sha256OfContent(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return sha256(in);
        } catch (ZipException | EOFException e) {
            return "";
        }
    }

    private static String sha256(InputStream in) throws IOException {
        MessageDigest digest = Sha256.begin();
        new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(digest.digest());
    }
}

package org.ntk4j.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.ntk4j.base.Failure;

/**
 * The files of one folder, through Hadoop's file systems: {@code s3a://}, {@code hdfs://}, whatever the class path and Spark's settings
 * {@code spark.hadoop.…} know.
 *
 * @param system that the folder belongs to
 * @param folder its path
 */
record RemoteFiles(FileSystem system, Path folder) {

    private static final int PATIENCE_SECONDS = 5;

    /** Writes what a file is to hold; returns its checksum. */
    interface Content {
        long to(OutputStream out) throws IOException;
    }

    /**
     * A folder, which need not be there yet.
     *
     * @throws Failure if nothing here knows such a file system
     */
    static RemoteFiles of(String uri) throws IOException {
        SparkEnv running = SparkEnv.get();
        Configuration settings = SparkHadoopUtil.get().newConfiguration(running == null ? new SparkConf() : running.conf());
        String scheme = uri.substring(0, uri.indexOf(':'));
        try {
            return new RemoteFiles(FileSystem.get(URI.create(uri), settings), new Path(uri));
        } catch (UnsupportedFileSystemException e) {
            throw unknown(uri, scheme, e);
        } catch (RuntimeException e) {
            if (String.valueOf(e.getMessage()).contains("ClassNotFoundException")) {
                throw unknown(uri, scheme, e);
            }
            throw Failure.input("--tiles " + uri + ": " + e.getMessage());
        }
    }

    /** How many bytes are free in a folder; empty if no answer comes within some seconds, or the file system has no end. */
    static OptionalLong room(String uri) {
        CompletableFuture<Long> free = new CompletableFuture<>();
        Thread asking = new Thread(() -> {
            try {
                free.complete(of(uri).system.getStatus(new Path(uri)).getRemaining());
            } catch (IOException | RuntimeException e) {
                free.completeExceptionally(e);
            }
        }, "room");
        asking.setDaemon(true);
        asking.start();
        try {
            long bytes = free.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return bytes == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(bytes);
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof Failure failure) {
                throw failure;
            }
            return OptionalLong.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        }
    }

    private static Failure unknown(String uri, String scheme, Exception e) {
        String jars = scheme.equals("s3a") ? "its jar is hadoop-aws, of Hadoop's own version: spark-submit --packages "
                + "org.apache.hadoop:hadoop-aws:" + org.apache.hadoop.util.VersionInfo.getVersion()
                : "its jar must be on the class path (spark-submit --jars or --packages), or its class be named by spark.hadoop.fs."
                + scheme + ".impl";
        return Failure.input("--tiles " + uri + ": there is no file system for " + scheme + ":// here (" + e.getMessage() + "); " + jars);
    }

    private Path at(String file) {
        return new Path(folder, file);
    }

    /** Makes the folder. */
    void make() throws IOException {
        if (!system.mkdirs(folder)) {
            throw new IOException(folder + ": the folder cannot be made");
        }
    }

    /** The text of a file. */
    String text(String file) throws IOException {
        try (InputStream in = system.open(at(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The bytes of a file. */
    InputStream open(String file) throws IOException {
        return system.open(at(file));
    }

    /** The names of the files that are there, with their lengths. */
    Map<String, Long> list() throws IOException {
        Map<String, Long> files = new TreeMap<>();
        for (FileStatus status : system.listStatus(folder)) {
            if (status.isFile()) {
                files.put(status.getPath().getName(), status.getLen());
            }
        }
        return files;
    }

    /**
     * Writes a file that is there whole or not at all. Where nothing shows before a stream is closed, as in a store of objects, it is put
     * under its own name, since a new name would be a copy there; elsewhere it is written aside and renamed.
     */
    long write(String file, String attempt, Content content) throws IOException {
        if (system.hasPathCapability(folder, CommonPathCapabilities.ABORTABLE_STREAM)) {
            return put(at(file), content);
        }
        Path aside = at("." + file + "." + attempt + ".writing");
        try {
            long checksum = put(aside, content);
            // Another attempt may have been first: its bytes are the same.
            if (!system.rename(aside, at(file))) {
                boolean there = system.exists(at(file)) && system.getFileStatus(at(file)).getLen() == system.getFileStatus(aside).getLen();
                if (!there) {
                    throw new IOException(at(file) + ": the file written aside cannot be renamed to this");
                }
                discard(aside);
            }
            return checksum;
        } catch (IOException | RuntimeException e) {
            discard(aside);
            throw e;
        }
    }

    private long put(Path path, Content content) throws IOException {
        try (FSDataOutputStream out = system.create(path, true)) {
            try {
                return content.to(out);
            } catch (IOException | RuntimeException e) {
                if (out.hasCapability(CommonPathCapabilities.ABORTABLE_STREAM)) {
                    out.abort();
                }
                throw e;
            }
        }
    }

    /** Deletes what was written aside, on a thread that was interrupted too: a task that is ended beside one that failed is. */
    private void discard(Path aside) {
        boolean interrupted = Thread.interrupted();
        try {
            system.delete(aside, false);
        } catch (IOException e) {
            // Under its other name it does no harm.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Deletes a file. */
    void delete(String file) throws IOException {
        system.delete(at(file), false);
    }

    /** Deletes the folder with all that is in it. */
    void deleteAll() throws IOException {
        system.delete(folder, true);
    }
}

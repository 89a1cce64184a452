package org.ntk4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ntk4j.infinite.tile.TileShelf;
import org.ntk4j.infinite.tile.TileValues;

/** Where executors leave the tiles of a kernel; whichever of several attempts writes a file, it is there whole or not at all. */
sealed interface Destination extends Serializable {

    /** The text that tells one kernel's folder from another's. */
    String fingerprint() throws IOException;

    /**
     * Writes a file.
     *
     * @param attempt what no other one has
     * @return the checksum of its bytes
     */
    long write(String file, List<TileValues> tiles, String attempt) throws IOException;

    /** What it is, for the user. */
    @Override
    String toString();

    /** What must be done where it is not to be found. */
    String advice();

    /**
     * A folder of the operating system that all machines share.
     *
     * @param path absolute
     */
    record SharedFolder(String path) implements Destination {

        @Override
        public String fingerprint() throws IOException {
            return Files.readString(Path.of(path).resolve(TileShelf.FINGERPRINT));
        }

        @Override
        public long write(String file, List<TileValues> tiles, String attempt) throws IOException {
            return TileShelf.write(Path.of(path).resolve(file), tiles, attempt);
        }

        @Override
        public String toString() {
            return path;
        }

        @Override
        public String advice() {
            return "--out must be on a disk that all machines share, under the same name; or give --tiles s3a://… or hdfs://…";
        }
    }

    /**
     * A folder that Hadoop's file systems reach.
     *
     * @param uri of the kernel's own folder
     */
    record RemoteFolder(String uri) implements Destination {

        @Override
        public String fingerprint() throws IOException {
            return RemoteFiles.of(uri).text(TileShelf.FINGERPRINT);
        }

        @Override
        public long write(String file, List<TileValues> tiles, String attempt) throws IOException {
            return RemoteFiles.of(uri).write(file, attempt, out -> TileShelf.write(out, tiles));
        }

        @Override
        public String toString() {
            return uri;
        }

        @Override
        public String advice() {
            return "--tiles must be a place that all machines reach";
        }
    }
}

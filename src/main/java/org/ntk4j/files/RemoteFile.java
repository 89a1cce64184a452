package org.ntk4j.files;

/**
 * A file that can be downloaded.
 *
 * @param name   its name, on every mirror and here
 * @param bytes  its size
 * @param sha256 its SHA-256 checksum, in hexadecimal
 */
public record RemoteFile(String name, long bytes, String sha256) {
}

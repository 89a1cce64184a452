package org.ntk4j.files;

/**
 * A file that can be downloaded.
 *
 * @param name    its name, on every mirror and here
 * @param bytes   its size
 * @param sha256  its SHA-256 checksum, in hexadecimal
 * @param content of a file compressed with gzip: the checksum of what is in it; empty where that is not known
 */
public record RemoteFile(String name, long bytes, String sha256, String content) {

    /** A file of which only its own checksum is known. */
    public RemoteFile(String name, long bytes, String sha256) {
        this(name, bytes, sha256, "");
    }

    /**
     * Whether a file that lies here is this one, whoever compressed it.
     *
     * @throws java.io.IOException if it cannot be read
     */
    public boolean isAt(java.nio.file.Path file) throws java.io.IOException {
        String found = Download.sha256(file);
        return found.equals(sha256) || found.equals(content) || !content.isEmpty() && content.equals(Download.sha256OfContent(file));
    }
}

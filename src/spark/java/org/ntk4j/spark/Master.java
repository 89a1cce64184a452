package org.ntk4j.spark;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ntk4j.base.Failure;

/**
 * A master as the user names it.
 *
 * @param text as it was given
 */
record Master(String text) {

    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|[1-9]\\d{0,3})])?");
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[\\s*(\\d+)\\s*,\\s*(\\d+)\\s*,\\s*(\\d+)\\s*]");
    private static final Pattern STANDALONE = Pattern.compile("spark://(.+)");
    private static final int CONNECT_MILLIS = 5000;
    private static final int ATTEMPTS = 4;

    /** Whether all of it is on this machine. */
    boolean isLocal() {
        return text.startsWith("local");
    }

    /** Whether the tasks run in this process. */
    boolean isThisProcess() {
        return LOCAL.matcher(text).matches();
    }

    /** As Spark is told: tasks of a local master are tried again too. */
    String url() {
        Matcher local = LOCAL.matcher(text);
        return local.matches() ? "local[" + (local.group(1) == null ? "1" : local.group(1)) + "," + ATTEMPTS + "]" : text;
    }

    /** How many tasks an executor runs at once, where the master's name says it; else 0. */
    int coresPerExecutor() {
        Matcher cluster = LOCAL_CLUSTER.matcher(text);
        return cluster.matches() ? Integer.parseInt(cluster.group(2)) : 0;
    }

    /** How many cores all of it has, where the master's name says it. */
    OptionalInt cores() {
        Matcher local = LOCAL.matcher(text);
        Matcher cluster = LOCAL_CLUSTER.matcher(text);
        if (local.matches()) {
            String count = local.group(1) == null ? "1" : local.group(1);
            return OptionalInt.of(count.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(count));
        }
        return cluster.matches() ? OptionalInt.of(Integer.parseInt(cluster.group(1)) * Integer.parseInt(cluster.group(2)))
                : OptionalInt.empty();
    }

    /** Megabytes of an executor, where the master's name says it; else 0. */
    int megabytes() {
        Matcher cluster = LOCAL_CLUSTER.matcher(text);
        return cluster.matches() ? Integer.parseInt(cluster.group(3)) : 0;
    }

    /**
     * Goes on if the master can be spoken to; Spark itself would try for minutes.
     *
     * @throws Failure if not
     */
    void check() {
        Matcher standalone = STANDALONE.matcher(text);
        if (!standalone.matches()) {
            return;
        }
        String reason = "";
        for (String address : standalone.group(1).split(",")) {
            int colon = address.lastIndexOf(':');
            String host = colon < 0 ? address : address.substring(0, colon);
            String port = colon < 0 ? "7077" : address.substring(colon + 1);
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(host, port.matches("\\d{1,5}") ? Math.min(65535, Integer.parseInt(port)) : 7077),
                        CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                reason = e.getMessage() == null ? e.toString() : e.getMessage();
            }
        }
        throw Failure.run("--spark " + text + ": the master cannot be reached (" + reason + "); is it running, and is its port open?");
    }
}

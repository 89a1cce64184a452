package org.ntk4j.spark;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/** Spark's exceptions in one line, in the user's words. */
final class Faults {

    private static final int MOST = 300;

    private Faults() {
    }

    static Failure of(Throwable e, Master master, Path log) {
        StringBuilder all = new StringBuilder();
        for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof Failure failure) {
                return failure;
            }
            all.append(t).append('\n');
        }
        String text = all.toString();
        String where = "; Spark's own words are in " + log;
        String start = "--spark " + master.text() + ": ";
        if (text.contains("InvalidClassException") || text.contains("local class incompatible")) {
            return Failure.run(start + "the executors have another version of Spark or of ntk4j than this process" + where, e);
        }
        if (text.contains("UnsupportedClassVersionError")) {
            return Failure.run(start + "Java on the executors is older than 17" + where, e);
        }
        if (text.contains("ClassNotFoundException") || text.contains("NoClassDefFoundError")) {
            return Failure.run(start + "the executors do not have ntk4j's jars; they must lie there under the same names, or go along with "
                    + "spark-submit --jars" + where, e);
        }
        if (text.contains("All masters are unresponsive")) {
            return Failure.run(start + "the master does not answer" + where, e);
        }
        if (text.contains("Master removed our application") || text.contains("ExecutorLostFailure")) {
            return Failure.run(start + "executors end again and again before their work is done (too little memory, or Java or jars are "
                    + "missing there?)" + where, e);
        }
        if (text.contains("OutOfMemoryError")) {
            return Failure.run(start + "not enough memory for an executor; give it more (spark.executor.memory) or fewer cores" + where, e);
        }
        if (text.contains("INVALID_EXECUTOR_MEMORY") || text.contains("INVALID_DRIVER_MEMORY")) {
            return Failure.run(start + "too little memory for Spark itself, which wants at least 450 MiB for each process" + where, e);
        }
        if (text.contains("No space left")) {
            return Failure.run(start + "no space left on the disk of an executor or of the shared folder" + where, e);
        }
        return Failure.run(start + shortened(text) + where, e);
    }

    private static String shortened(String text) {
        String line = text.lines().filter(l -> !l.isBlank()).findFirst().orElse("").replaceFirst("^[a-zA-Z.]+\\.([A-Za-z]+: )", "$1");
        return line.length() > MOST ? line.substring(0, MOST) + " …" : line;
    }
}

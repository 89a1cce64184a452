package org.ntk4j.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/** {@code log.txt}: one line a message, each with its time in UTC. Every line is on the disk when the call returns. */
public final class RunLog {

    private final Path file;
    private final Clock clock;

    RunLog(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /**
     * Adds a message; each of its lines gets the time.
     *
     * @throws Failure if the file cannot be written
     */
    public synchronized void add(String message) {
        String time = clock.instant().truncatedTo(ChronoUnit.SECONDS) + " ";
        String lines = message.lines().map(line -> time + line + "\n").reduce("", String::concat);
        try {
            Files.writeString(file, lines, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw Failure.run(file + ": the log cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** A monitor that also writes every note to this log. */
    public Monitor around(Monitor monitor) {
        return new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return monitor.begin(what, total);
            }

            @Override
            public boolean cancelled() {
                return monitor.cancelled();
            }

            @Override
            public void note(String line) {
                monitor.note(line);
                add(line);
            }
        };
    }
}

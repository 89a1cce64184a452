package org.ntk4j.bench;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ntk4j.base.Settings;
import org.ntk4j.kernel.Blas;

/**
 * The process of one case: {@code CASE SIZE REPEATS}; prints one line of JSON with seconds, the least CPU time after the first call, and
 * peak memory.
 */
final class CaseProcess {

    private CaseProcess() {
    }

    public static void main(String[] arguments) {
        Case work = Objects.requireNonNull(Case.of(arguments[0]), arguments[0]);
        Blas.setThreads(Settings.ofProcess().threads());
        List<Case.Time> times = work.times(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("seconds", times.stream().map(Case.Time::wall).toList());
        line.put("cpu", times.stream().skip(times.size() > 1 ? 1 : 0).mapToDouble(Case.Time::cpu).min().orElseThrow());
        line.put("mib", peak(Path.of("/proc/self/status")));
        System.out.println(new Gson().toJson(line));
    }

    /** The most memory that a process has held at once, in MiB; 0 where the system does not say (only Linux does). */
    static long peak(Path status) {
        try {
            return Files.readAllLines(status).stream().filter(l -> l.startsWith("VmHWM:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024).findFirst().orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}

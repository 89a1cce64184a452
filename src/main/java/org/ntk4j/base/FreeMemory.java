package org.ntk4j.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much memory a process on Linux may still take: what the machine has available, and what is left of each limit of its control groups,
 * such as a container's. Files that the system keeps in memory as long as nobody needs it count as free.
 *
 * @param proc   {@code /proc}
 * @param groups {@code /sys/fs/cgroup}
 */
record FreeMemory(Path proc, Path groups) {

    /** The files of version 2 and of version 1 of control groups: limit, use, and in the statistics the inactive files. */
    private record Names(String limit, String use, String inactive) {
    }

    private static final Names VERSION_2 = new Names("memory.max", "memory.current", "inactive_file");
    private static final Names VERSION_1 = new Names("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");

    static FreeMemory ofLinux() {
        return new FreeMemory(Path.of("/proc"), Path.of("/sys/fs/cgroup"));
    }

    /** The bytes; empty where this is not Linux. */
    OptionalLong bytes() {
        OptionalLong machine = lines(proc.resolve("meminfo")).stream().filter(l -> l.startsWith("MemAvailable:"))
                .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) << 10).findFirst();
        if (machine.isEmpty()) {
            return machine;
        }
        long least = machine.getAsLong();
        for (String line : lines(proc.resolve("self/cgroup"))) {
            // HIERARCHY:CONTROLLERS:PATH; version 2 has one line without controllers.
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && (parts[1].isEmpty() || Arrays.asList(parts[1].split(",")).contains("memory"))) {
                boolean second = parts[1].isEmpty();
                least = Math.min(least, left(second ? groups : groups.resolve("memory"), parts[2], second ? VERSION_2 : VERSION_1));
            }
        }
        return OptionalLong.of(least);
    }

    /**
     * The least that any group on the way up leaves. In a container the path is the host's and not there: then the group at the top is
     * ours.
     */
    private static long left(Path top, String path, Names names) {
        long least = Long.MAX_VALUE;
        Path group = top.resolve(path.replaceFirst("^/+", "")).normalize();
        while (group != null && group.startsWith(top)) {
            OptionalLong limit = number(lines(group.resolve(names.limit)));
            OptionalLong use = number(lines(group.resolve(names.use)));
            if (limit.isPresent() && use.isPresent()) {
                long reclaimable = lines(group.resolve("memory.stat")).stream().filter(l -> l.startsWith(names.inactive + " "))
                        .mapToLong(l -> Long.parseLong(l.substring(names.inactive.length() + 1).strip())).findFirst().orElse(0);
                least = Math.min(least, Math.max(0, limit.getAsLong() - use.getAsLong() + reclaimable));
            }
            group = group.getParent();
        }
        return least;
    }

    /** The number in a file; empty for {@code max} and where there is no file. */
    private static OptionalLong number(List<String> lines) {
        return lines.size() == 1 && lines.get(0).matches("\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(lines.get(0))) : OptionalLong.empty();
    }

    private static List<String> lines(Path file) {
        try {
            return Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }
}

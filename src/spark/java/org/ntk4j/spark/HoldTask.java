package org.ntk4j.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.TileValues;

/** Computes the tiles of a group and keeps them. */
final class HoldTask implements Function<Group, BothTiles> {

    private final Broadcast<SentJob> sent;
    private final List<String> names;

    HoldTask(Broadcast<SentJob> sent, List<String> names) {
        this.sent = sent;
        this.names = List.copyOf(names);
    }

    @Override
    public BothTiles call(Group group) {
        Engine engine = sent.value().engine(SparkEnv.get().blockManager().blockManagerId().host());
        Map<String, HeldTiles> byName = new LinkedHashMap<>();
        names.forEach(name -> byName.put(name, new HeldTiles(group.bounds(), new double[group.bounds().length][])));
        for (int t = 0; t < group.bounds().length; t++) {
            TileValues values = engine.tile(group.tiles().get(t));
            int at = t;
            byName.forEach((name, held) -> held.values()[at] = name.equals("ntk") ? values.ntk() : values.nngp());
        }
        return new BothTiles(byName);
    }
}

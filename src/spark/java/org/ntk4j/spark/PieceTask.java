package org.ntk4j.spark;

import java.io.Serializable;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.ntk4j.infinite.Cluster;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * Does a piece of work, on whichever machine it runs.
 *
 * @see Cluster.Job
 */
final class PieceTask extends AbstractFunction1<Iterator<Integer>, String> implements Serializable {

    private final Broadcast<Cluster.Job> job;
    private final Facts facts = Facts.here();
    private final long memory;
    private final int atOnce;

    /**
     * A task.
     *
     * @param memory that all tasks of a process have together; 0 for Java's own
     * @param atOnce how many run in a process
     */
    PieceTask(Broadcast<Cluster.Job> job, long memory, int atOnce) {
        this.job = job;
        this.memory = memory;
        this.atOnce = atOnce;
    }

    @Override
    public String apply(Iterator<Integer> indices) {
        facts.check(SparkEnv.get().blockManager().blockManagerId().host());
        return job.value().run(indices.next(), new Place());
    }

    /** What this task may use. */
    private final class Place implements Cluster.Place {

        private final TaskContext task = TaskContext.get();

        @Override
        public int threads() {
            SparkConf conf = SparkEnv.get().conf();
            return Math.max(1, conf.getInt("spark.task.cpus", 1));
        }

        @Override
        public long memory() {
            return (memory > 0 ? memory : Runtime.getRuntime().maxMemory()) / atOnce;
        }

        @Override
        public boolean cancelled() {
            return task.isInterrupted();
        }
    }
}

package org.ntk4j.console;

/** A program that hears TERM and works on all the same; it is given half a second to end. */
public final class ShortGrace {

    private ShortGrace() {
    }

    public static void main(String[] args) throws InterruptedException {
        System.setProperty("ntk.launched", "true");
        ConsoleMonitor.hearing(500);
        System.out.println("ready");
        Thread.sleep(600_000);
    }
}

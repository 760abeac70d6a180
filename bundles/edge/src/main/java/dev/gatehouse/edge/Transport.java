package dev.gatehouse.edge;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Event loops: native epoll where the platform has it, else Java's own. */
public record Transport(EventLoopGroup loops, Class<? extends ServerChannel> listener) {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

  /** With this many loops, on threads of this name. */
  public static Transport open(String name, int loops) {
    DefaultThreadFactory threads = new DefaultThreadFactory(name, true);
    if (nativeAvailable()) {
      return new Transport(new EpollEventLoopGroup(loops, threads), EpollServerSocketChannel.class);
    }
    return new Transport(new NioEventLoopGroup(loops, threads), NioServerSocketChannel.class);
  }

  private static boolean nativeAvailable() {
    try {
      return Epoll.isAvailable();
    } catch (LinkageError e) {
      LOG.info("event=native-transport-absent reason=\"{}\"", e.toString());
      return false;
    }
  }
}

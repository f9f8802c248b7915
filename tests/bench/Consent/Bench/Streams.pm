package Consent::Bench::Streams;

# A thousand chats at once: what each takes of the worker's memory, whatever has passed through it, and how much later an
# event comes. This process is the machine and all of its readers, so that one clock tells both ends.

use strict;
use warnings;

use IO::Socket::INET;
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(time);

my $HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";


sub event {
    my ($content) = @_;

    return 'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"m","choices":[{"index":0,'
        . "\"delta\":{\"content\":\"$content\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";
}


sub streams {
    my ($self) = @_;

    # each takes four files here, two of nginx's, and as many of the other
    my $may = `sh -c 'ulimit -n'`;
    my $n = $may =~ /^(\d+)/ && $1 < 5000 ? int $1 / 5 : 1000;
    my @kinds = qw(bare consent);
    my (%open, %kb, %ms);

    print "Chats at once ($n of them), KB of the worker's memory for each, and added delay\n";

    local $self->{connections} = 4 * $n;
    my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $self->{t}->port('chat'), Listen => 128,
        ReuseAddr => 1) or die "listen: $!\n";

    $self->start($_) for @kinds;

    for my $kind (@kinds) {
        my $memory = sub { $kb{$kind}{$_[0]} = $self->memory_of($self->worker($kind)) };

        # what the first takes once is not the streams'
        push @{$open{$kind}}, $self->chat($kind, $listen);
        $memory->('before');
        push @{$open{$kind}}, $self->chat($kind, $listen) for 1 .. $n;

        my @streams = @{$open{$kind}}[1 .. $n];
        $self->carry($_, event('Hej')) for @streams;
        $memory->('after an event');

        for my $i (1 .. 20) {
            $self->carry($_, event("ord $i ")) for @streams;
        }
        $memory->('after 21 events');
    }

    for my $what ('after an event', 'after 21 events') {
        my ($bare, $ours) = map { ($kb{$_}{$what} - $kb{$_}{before}) / $n } @kinds;
        $self->row($what, sprintf '%.1f KB, %.1f bare', $ours, $bare);
    }

    for my $i (1 .. 4000) {
        my $kind = $kinds[$i % 2];
        my $stream = $open{$kind}[1 + int rand $n];
        my $began = time;
        $self->carry($stream, event("sent $i"));
        push @{$ms{$kind}}, (time - $began) * 1000 if $i > 200;
    }

    my ($bare, $ours) = map { $self->median(@{$ms{$_}}) } @kinds;
    $self->row('an event, ms (median of 1900 each)', sprintf '%.3f bare, %+.3f, %.2f times (goal +1)', $bare, $ours - $bare,
        $ours / $bare);

    # the first, into which the marks go

    %ms = ();

    for my $i (1 .. 600) {
        my $kind = $kinds[$i % 2];
        my $stream = $self->chat($kind, $listen);
        my $began = time;
        $self->carry($stream, event('Hej'));
        push @{$ms{$kind}}, (time - $began) * 1000 if $i > 100;
        close $_ for @$stream;
    }

    ($bare, $ours) = map { $self->median(@{$ms{$_}}) } @kinds;
    $self->row('the first, marked (of 250 each)', sprintf '%.3f bare, %+.3f, %.2f times', $bare, $ours - $bare, $ours / $bare);

    close $_ for map { @$_ } map { @$_ } values %open;
    close $listen;
    $self->stop($_) for @kinds;
}


# Opens one: the machine's end and the reader's, whose header has come.
sub chat {
    my ($self, $kind, $listen) = @_;

    my $reader = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{t}->port($kind))
        or die "connect: $@\n";

    syswrite $reader, "GET /chat/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

    my $machine = $listen->accept or die "accept: $!\n";
    my $in = '';

    while ($in !~ /\r\n\r\n/) {
        sysread $machine, $in, 65536, length $in or die "no request\n";
    }

    setsockopt $machine, IPPROTO_TCP, TCP_NODELAY, 1;
    syswrite $machine, $HEAD;
    $in = '';

    while ($in !~ /\r\n\r\n/) {
        sysread $reader, $in, 65536, length $in or die "no answer\n";
    }

    return [$machine, $reader];
}


# Sends an event and waits until the last of it has come.
sub carry {
    my ($self, $stream, $event) = @_;

    my ($tail, $in) = (substr($event, index($event, '"choices"')), '');

    syswrite $stream->[0], $event;

    while (index($in, $tail) < 0) {
        sysread $stream->[1], $in, 65536, length $in or die "an event was lost\n";
    }
}


1;

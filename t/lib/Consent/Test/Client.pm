package Consent::Test::Client;

# One HTTP/1.x connection of a test: exact bytes out, exact bytes in.
#
#   my $c = Consent::Test::Client->new($port);
#   $c->send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
#   my $r = $c->response;                    # see Consent::Test::Response
#   my $r = $c->request('POST', '/form', form => [pnr => '19800101-1234']);
#   ok($c->closed);
#
# The options of request() are the same as for Consent::Test's get() and
# request(), where they are described.

use strict;
use warnings;

use IO::Select;
use IO::Socket::IP;
use JSON::PP ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);
use Time::HiRes qw(sleep time);

use Consent::Test::Response;

our $TIMEOUT = 10;


sub new {
    my ($class, $port, %o) = @_;

    my $sock = IO::Socket::IP->new(PeerHost => $o{address} // '127.0.0.1',
        PeerPort => $port, Timeout => $TIMEOUT)
        or die "connect to port $port: $@\n";

    setsockopt($sock, IPPROTO_TCP, TCP_NODELAY, 1);

    return bless { sock => $sock, in => '', port => $port }, $class;
}


# Everything that is sent passes here; a peer that closes early is no error,
# its answer may be there to read.
sub send {
    my ($self, $bytes) = @_;

    local $SIG{PIPE} = 'IGNORE';
    utf8::encode($bytes) if utf8::is_utf8($bytes);

    my ($done, $until) = (0, time() + $TIMEOUT);
    my $select = IO::Select->new($self->{sock});

    while ($done < length $bytes) {
        die "send timed out\n" if time() > $until;
        next unless $select->can_write(1);

        my $n = syswrite($self->{sock}, $bytes, length($bytes) - $done, $done);
        return $done unless defined $n;
        $done += $n;
    }

    return $done;
}


# Reads more; returns false at the end of the connection.
sub fill {
    my ($self, $timeout) = @_;

    IO::Select->new($self->{sock})->can_read($timeout // $TIMEOUT)
        or die "read timed out after: " . substr($self->{in}, 0, 500) . "\n";

    return sysread($self->{sock}, $self->{in}, 65536, length $self->{in});
}


# Bytes that arrive within the given seconds: what a slow stream has shown.
sub within {
    my ($self, $seconds) = @_;

    my $until = time() + $seconds;
    my $select = IO::Select->new($self->{sock});

    while ((my $left = $until - time()) > 0) {
        last if $select->can_read($left) && !$self->fill;
    }

    return substr($self->{in}, 0, length $self->{in}, '');
}


sub closed {
    my ($self) = @_;

    return !length $self->{in} && !$self->fill;
}


# What is left until the peer closes.
sub rest {
    my ($self) = @_;

    1 while $self->fill;

    return substr($self->{in}, 0, length $self->{in}, '');
}


sub close {
    my ($self) = @_;

    close($self->{sock});
}


# Sends a request made from its parts and reads the response to it.
sub request {
    my ($self, $method, $uri, %o) = @_;

    my ($head, @pieces) = bytes($method, $uri, port => $self->{port}, %o);

    if (grep { /^Expect$/i } map { $_->[0] } headers(%o)) {
        $self->send($head);
        my $r = $self->response($method, interim => 1);
        return $r unless $r->status == 100;

    } elsif (@pieces && !$o{delay}) {
        $head .= join '', splice @pieces;
        $self->send($head);

    } else {
        $self->send($head);
    }

    for (@pieces) {
        sleep($o{delay}) if $o{delay};
        $self->send($_);
    }

    return $self->response($method);
}


# Reads one response; 1xx are passed over unless asked for.
sub response {
    my ($self, $method, %o) = @_;

    my $r;

    do {
        $r = Consent::Test::Response->read($self, $method // 'GET');

    } while (defined $r->status && $r->status =~ /^1/ && $r->status != 101
             && !$o{interim});

    return $r;
}


# A request's header lines as pairs, from a list of pairs, a flat list or a
# hash; cookie= and what a body needs added.
sub headers {
    my (%o) = @_;

    my $h = $o{headers} // [];
    my @pairs = ref $h eq 'HASH' ? map { [$_, $h->{$_}] } sort keys %$h
        : ref $h->[0] ? @$h
        : map { [$h->[2 * $_], $h->[2 * $_ + 1]] } 0 .. @$h / 2 - 1;

    push @pairs, map { ['Cookie', $_] } ref $o{cookie} ? @{$o{cookie}}
        : length $o{cookie} ? $o{cookie} : () if defined $o{cookie};

    my $has = sub { my $n = shift; grep { lc $_->[0] eq $n } @pairs };

    push @pairs, ['Content-Type', 'application/x-www-form-urlencoded']
        if $o{form} && !$has->('content-type');
    push @pairs, ['Content-Type', 'application/json']
        if exists $o{json} && !$has->('content-type');

    return @pairs;
}


sub escape {
    my ($s) = @_;

    utf8::encode($s) if utf8::is_utf8($s);
    $s =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;

    return $s;
}


# The body that the options ask for, or undef.
sub body {
    my (%o) = @_;

    if (defined(my $body = $o{body})) {
        utf8::encode($body) if utf8::is_utf8($body);
        return $body;
    }
    return JSON::PP->new->utf8->canonical->encode($o{json}) if exists $o{json};
    return unless $o{form};

    my @f = ref $o{form} eq 'HASH'
        ? map { $_, $o{form}{$_} } sort keys %{$o{form}} : @{$o{form}};
    my @pairs;

    while (my ($k, $v) = splice @f, 0, 2) {
        push @pairs, escape($k) . '=' . escape($v);
    }

    return join '&', @pairs;
}


# The exact bytes of a request: its head, then the pieces of its body.
sub bytes {
    my ($method, $uri, %o) = @_;

    my $version = $o{version} // '1.1';
    my @pairs = headers(%o);
    my $body = body(%o);
    my %has = map { (lc $_->[0], 1) } @pairs;
    my @pieces;

    unless ($has{host} || $version eq '1.0') {
        unshift @pairs, ['Host', $o{host} // "127.0.0.1:$o{port}"];
    }

    push @pairs, ['Connection', 'close']
        if $o{close} && !$has{connection};

    if ($o{chunked}) {
        push @pairs, ['Transfer-Encoding', 'chunked'];
        @pieces = map { sprintf("%x\r\n", length $_) . "$_\r\n" }
            ref $o{chunked} ? @{$o{chunked}} : $body;
        push @pieces, "0\r\n\r\n";

    } elsif ($o{pieces}) {
        @pieces = @{$o{pieces}};
        push @pairs, ['Content-Length', length join '', @pieces]
            unless $has{'content-length'};

    } elsif (defined $body) {
        @pieces = ($body) if length $body;
        push @pairs, ['Content-Length', length $body]
            unless $has{'content-length'};
    }

    my $head = join '', "$method $uri HTTP/$version\r\n",
        (map { "$_->[0]: $_->[1]\r\n" } @pairs), "\r\n";

    return ($head, @pieces);
}


1;

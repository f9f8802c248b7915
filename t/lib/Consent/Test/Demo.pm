package Consent::Test::Demo;

# The demonstration, started as make demo does, on a port of the test's.
#
#   my $t = Consent::Test->new;
#   my $demo = Consent::Test::Demo->start($t);
#   $t->get('/') ...
#   $demo->stop('INT');       as Ctrl-C: to all processes of the terminal

use strict;
use warnings;

use POSIX ();


# Starts it and waits until it says that it is open; dies with what it says
# otherwise. Its temporary files go under the test's directory.
sub start {
    my ($class, $t, %o) = @_;

    my $self = bless { t => $t, tmp => $t->path('demo') }, $class;

    mkdir $self->{tmp};
    chmod 0755, $self->{tmp};

    my $port = $t->port(0);
    unlink $t->path('demo.out');

    $self->{pid} = fork() // die "fork: $!\n";

    if (!$self->{pid}) {
        setpgrp;
        $SIG{$_} = 'DEFAULT' for qw(INT TERM HUP ALRM);
        @ENV{qw(BUILD PORT TMPDIR)} = ($Consent::Test::BUILD, $port, $self->{tmp});
        open STDIN, '<', '/dev/null';
        open STDOUT, '>', $t->path('demo.out');
        open STDERR, '>&', \*STDOUT;
        exec "$Consent::Test::ROOT/demo/" . ($o{script} // 'run') or POSIX::_exit(127);
    }

    push @{$t->{daemons}}, $self->{pid};

    $t->wait_for(sub { $self->said =~ /is open/ || $self->ended }, 30);
    die "the demonstration does not start:\n" . $self->said
        unless $self->said =~ /is open/ && !$self->ended;

    return $self;
}


sub said { return $_[0]{t}->read('demo.out') }


sub ended {
    my ($self) = @_;

    return 1 if defined $self->{status};

    local $?;
    return if waitpid($self->{pid}, POSIX::WNOHANG) <= 0;
    $self->{status} = $?;

    # its number may be another process's from now on
    my $daemons = $self->{t}{daemons};
    @$daemons = grep { $_ != $self->{pid} } @$daemons;

    return 1;
}


# Ends it; returns the exit status, or undef if it does not end.
sub stop {
    my ($self, $signal, $to) = @_;

    kill $signal, $to // -$self->{pid} unless $self->ended;
    $self->{t}->wait_for(sub { $self->ended }, 20);

    return $self->{status};
}


# What is left of it: processes and files.
sub left {
    my ($self) = @_;

    my @left = map { "process $_" } Consent::Test::Nginx::naming(
        $self->{tmp});

    return (@left, glob "$self->{tmp}/*");
}


1;

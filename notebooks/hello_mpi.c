/* Every process of an MPI job says who it is and where it runs.
 *
 *     mpicc hello_mpi.c -o hello_mpi       (on Dardel: cc hello_mpi.c -o hello_mpi)
 *
 * The script hello_mpi beside this file says the same where there is no compiler or no MPI;
 * compiling replaces it.
 */
#include <mpi.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    char node[MPI_MAX_PROCESSOR_NAME];
    int length, rank, size;

    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    MPI_Get_processor_name(node, &length);
    printf("Hello from rank %d of %d on %s\n", rank, size, node);
    MPI_Finalize();
    return 0;
}
